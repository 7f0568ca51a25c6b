// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Incidents and tasks, as people with different rights meet them.

use axum::http::StatusCode;
use underpin_office::people::Role;

use crate::support::{Reply, Web, at, everywhere};

const LOG4J: &str = "kind=package&what=log4j-core&versions=%3C2.17.1";

fn field<'b>(body: &'b str, name: &str) -> &'b str {
    let value = body.split(&format!("name=\"{name}\" value=\"")).nth(1).and_then(|rest| rest.split('"').next());
    value.unwrap_or_else(|| panic!("no field {name}: {body}"))
}

async fn token(web: &Web, cookie: &str) -> String {
    field(&web.get("/account", cookie).await.body, "form_token").to_owned()
}

/// Sends a form with its secret.
async fn send(web: &Web, path: &str, form: &str, cookie: &str) -> Reply {
    let token = token(web, cookie).await;
    web.post(path, &format!("form_token={token}&{form}"), cookie).await
}

/// Opens an incident: its page.
async fn open(web: &Web, title: &str, cookie: &str) -> String {
    let reply = send(web, "/incidents/new", &format!("{LOG4J}&title={title}&tlp=amber"), cookie).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{reply:?}");
    reply.location.split('?').next().expect("a path").to_owned()
}

async fn json(web: &Web, path: &str, cookie: &str) -> serde_json::Value {
    serde_json::from_str(&web.get(path, cookie).await.body).expect("JSON")
}

#[tokio::test]
async fn who_would_be_hit_is_seen_before_it_is_opened() {
    let web = Web::demo().await;
    let ada = web.person("ada", everywhere(Role::Analyst)).await;
    let page = web.get(&format!("/incidents/new?{LOG4J}"), &ada).await.body;
    assert!(page.contains("2 systems of 2 agencies would be hit"), "{page}");
    let empty = send(&web, "/incidents/new", &format!("{LOG4J}&title=+&target=tomorrow"), &ada).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in ["Give the incident a title", "This is no moment", "href=\"#title\"", "value=\"tomorrow\""] {
        assert!(empty.body.contains(words), "{words}: {}", empty.body);
    }
    let room = open(&web, "Old+log4j", &ada).await;
    let page = web.get(&room, &ada).await.body;
    assert!(page.contains("2 of 2 systems are still exposed to Old log4j"), "{page}");
    let answer = json(&web, &format!("{room}?format=json"), &ada).await;
    assert_eq!(answer["counts"]["hit"], 2);
    let rows = web.get(&format!("{room}?format=csv"), &ada).await.body;
    assert!(rows.starts_with("\"ministry\",\"agency\"") && rows.contains("\"hit\""), "{rows}");
    assert!(web.get("/incidents", &ada).await.body.contains("One incident is open"));
}

#[tokio::test]
async fn only_those_may_open_one_who_lead() {
    let web = Web::demo().await;
    let rita = web.person("rita", everywhere(Role::Reader)).await;
    assert!(!web.get("/find?q=log4j-core", &rita).await.body.contains("/incidents/new"));
    assert!(web.get(&format!("/incidents/new?{LOG4J}"), &rita).await.body.contains("not open them"));
    let refused = send(&web, "/incidents/new", &format!("{LOG4J}&title=x"), &rita).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(
        web.post("/incidents/new", &format!("form_token=x&{LOG4J}&title=x"), &rita).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(json(&web, "/incidents?format=json", &rita).await["rows"], serde_json::json!([]));
}

#[tokio::test]
async fn tasks_are_assigned_and_worked_on() {
    let web = Web::demo().await;
    let ada = web.person("ada", everywhere(Role::Analyst)).await;
    let room = open(&web, "Old+log4j", &ada).await;
    let answer = json(&web, &format!("{room}?format=json"), &ada).await;
    let tasks = answer["tasks"].as_array().expect("tasks");
    let fix = tasks.iter().find(|task| task["kind"] == "fix").expect("a task to fix");
    let number = fix["number"].as_str().expect("a number").to_owned();
    let chosen = format!("task={}&owner=ada&due=2026-03-04T12:00", number.trim_start_matches('T'));
    assert_eq!(send(&web, &format!("{room}/tasks"), "owner=ada", &ada).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let assigned = send(&web, &format!("{room}/tasks"), &chosen, &ada).await;
    assert_eq!(assigned.location, format!("{room}?done=assigned"));
    let mine = web.get("/tasks", &ada).await.body;
    assert!(mine.contains("One task waits for you") && mine.contains(&number), "{mine}");

    let path = format!("/tasks/{number}");
    let page = web.get(&path, &ada).await.body;
    let revision = field(&page, "revision").to_owned();
    let excuse = format!("revision={revision}&state=cannot-because&text=");
    let refused = send(&web, &path, &excuse, &ada).await;
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.body.contains("Say why"), "{}", refused.body);
    let said = send(&web, &path, &format!("revision={revision}&state=in-progress&text=%3Cb%3Esoon"), &ada).await;
    assert_eq!(said.location, format!("{path}?done=task"));
    let page = web.get(&path, &ada).await.body;
    assert!(page.contains("&#60;b&#62;soon") && page.contains("Being done"), "{page}");

    // Whoever still has the old page is told, with both versions, and nothing of theirs is lost.
    let slow = send(&web, &path, &format!("revision={revision}&state=done&text=ready"), &ada).await;
    assert_eq!(slow.status, StatusCode::CONFLICT);
    for words in ["Somebody changed this before you", "Being done", ">ready</textarea>"] {
        assert!(slow.body.contains(words), "{words}: {}", slow.body);
    }
    let again = format!("revision={}&state=done&text=ready", field(&slow.body, "revision"));
    assert_eq!(send(&web, &path, &again, &ada).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn an_owner_sees_own_tasks_and_nothing_of_others() {
    let web = Web::demo().await;
    let ada = web.person("ada", everywhere(Role::Analyst)).await;
    let room = open(&web, "Old+log4j", &ada).await;
    let answer = json(&web, &format!("{room}?format=json"), &ada).await;
    let hit: Vec<&str> = answer["systems"]
        .as_array()
        .expect("systems")
        .iter()
        .filter(|row| row["standing"] == "hit")
        .filter_map(|row| row["system"].as_str())
        .collect();
    assert_eq!(hit.len(), 2);
    let henry = web.person("henry", at(Role::Owner, "health-institute")).await;
    let page = web.get(&room, &henry).await.body;
    assert!(page.contains("1 of one system is still exposed"), "{page}");
    let own = json(&web, "/tasks?which=all&format=json", &henry).await;
    let own: Vec<&str> =
        own["rows"].as_array().expect("rows").iter().filter_map(|row| row["number"].as_str()).collect();
    for task in answer["tasks"].as_array().expect("tasks") {
        let number = task["number"].as_str().expect("a number");
        let expected = if own.contains(&number) { StatusCode::OK } else { StatusCode::NOT_FOUND };
        assert_eq!(web.get(&format!("/tasks/{number}"), &henry).await.status, expected, "{number}");
    }
    // What is out of sight looks like what is not there.
    let customs = web.person("carl", at(Role::Owner, "no-such-agency")).await;
    let (foreign, missing) = (web.get(&room, &customs).await, web.get("/incidents/I987654", &customs).await);
    assert_eq!((foreign.status, missing.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    let id = room.rsplit('/').next().expect("a number");
    // Each request has a number of its own; it stands behind the code, at the end.
    let told = |body: &str, id: &str| body.split("not-found</code>").next().expect("a page").replace(id, "");
    assert_eq!(told(&foreign.body, id), told(&missing.body, "I987654"));
}

#[tokio::test]
async fn a_drill_is_marked_everywhere_and_the_past_has_no_forms() {
    let web = Web::demo().await;
    let ada = web.person("ada", everywhere(Role::Analyst)).await;
    let reply = send(&web, "/incidents/new", &format!("{LOG4J}&title=Practice&tlp=amber&drill=yes"), &ada).await;
    let room = reply.location.split('?').next().expect("a path").to_owned();
    let answer = json(&web, &format!("{room}?format=json"), &ada).await;
    let task = answer["tasks"][0]["number"].as_str().expect("a task").to_owned();
    for path in [room.clone(), format!("/tasks/{task}"), format!("{room}/situation")] {
        assert!(web.get(&path, &ada).await.body.contains("This is a drill"), "{path}");
    }
    for path in ["/incidents", "/tasks?which=all"] {
        assert!(web.get(path, &ada).await.body.contains(">Drill</span>"), "{path}");
    }
    let past = web.get("/incidents?as-of=2026-01-01", &ada).await.body;
    assert!(!past.contains("Practice") && !past.contains("href=\"/incidents/new\""), "{past}");
    assert_eq!(web.get(&format!("{room}?as-of=2026-01-01"), &ada).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn closing_needs_evidence_or_a_second_person() {
    let web = Web::demo().await;
    let ada = web.person("ada", everywhere(Role::Analyst)).await;
    let room = open(&web, "Old+log4j", &ada).await;
    let page = web.get(&room, &ada).await.body;
    let revision = field(&page, "revision").to_owned();
    let asked = send(&web, &format!("{room}/close"), &format!("revision={revision}&reason=enough"), &ada).await;
    assert_eq!(asked.location, format!("{room}?done=closing"), "{}", asked.body);
    let page = web.get(&room, &ada).await.body;
    assert!(page.contains("asks to close it although systems are still exposed"), "{page}");
    let same = format!("revision={}&reason=enough", field(&page, "revision"));
    let same = send(&web, &format!("{room}/close"), &same, &ada).await;
    assert_ne!(same.location, format!("{room}?done=closed"), "one person is not two");
    let olga = web.person("olga", everywhere(Role::Officer)).await;
    let page = web.get(&room, &olga).await.body;
    let second = format!("revision={}&reason=enough", field(&page, "revision"));
    let closed = send(&web, &format!("{room}/close"), &second, &olga).await;
    assert_eq!(closed.location, format!("{room}?done=closed"), "{}", closed.body);
    assert!(web.get(&room, &ada).await.body.contains("Closed, with 2 systems still exposed"));
    let old = format!("revision={revision}&reason=again");
    let slow = send(&web, &format!("{room}/reopen"), &old, &ada).await;
    assert_eq!(slow.status, StatusCode::CONFLICT);
    assert!(slow.body.contains("Somebody changed this before you"), "{}", slow.body);
}

#[tokio::test]
async fn a_window_of_time_is_asked_for_and_told() {
    let web = Web::demo().await;
    let ada = web.person("ada", everywhere(Role::Analyst)).await;
    for (window, fault) in [
        ("from=soon", "This is no moment"),
        ("until=2026-01-01T00:00", "Say from when, too"),
        ("from=2026-02-01T00:00&until=2026-01-01T00:00", "This lies before the beginning"),
    ] {
        let page = web.get(&format!("/incidents/new?{LOG4J}&{window}"), &ada).await.body;
        assert!(page.contains(fault) && !page.contains("id=\"preview\""), "{window}: {page}");
        let refused = send(&web, "/incidents/new", &format!("{LOG4J}&title=x&{window}"), &ada).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{window}");
        assert!(refused.body.contains(fault), "{window}: {}", refused.body);
    }
    let vulnerability = "kind=vulnerability&what=CVE-2021-44228&from=2026-01-01T00:00";
    let page = web.get(&format!("/incidents/new?{vulnerability}"), &ada).await.body;
    assert!(page.contains("not with a vulnerability"), "{page}");
    let window = "from=2025-06-01T00:00&until=2026-01-31T12:00";
    let page = web.get(&format!("/incidents/new?{LOG4J}&{window}"), &ada).await.body;
    assert!(page.contains("name=\"until\" value=\"2026-01-31T12:00\""), "{page}");
    let reply = send(&web, "/incidents/new", &format!("{LOG4J}&title=Had&tlp=amber&{window}"), &ada).await;
    let room = reply.location.split('?').next().expect("a path").to_owned();
    let answer = json(&web, &format!("{room}?format=json"), &ada).await;
    assert_eq!(answer["incident"]["scope"]["from"], "2025-06-01T00:00:00Z");
    assert_eq!(answer["incident"]["scope"]["until"], "2026-01-31T12:00:00Z");
    let page = web.get(&room, &ada).await.body;
    assert!(page.contains("Counted is who had it at any moment between"), "{page}");
}

#[tokio::test]
async fn a_drill_begins_in_the_browser() {
    let web = Web::demo().await;
    let ada = web.person("ada", everywhere(Role::Analyst)).await;
    let page = web.get("/incidents", &ada).await.body;
    assert!(page.contains("Start the drill: Log4Shell") && page.contains("CVE-2024-3094"), "{page}");
    let unknown = send(&web, "/incidents/drills", "drill=flood", &ada).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unknown.body.contains("href=\"#practise\""), "{}", unknown.body);
    let begun = send(&web, "/incidents/drills", "drill=log4shell", &ada).await;
    let room = begun.location.split('?').next().expect("a path").to_owned();
    assert_eq!(begun.location, format!("{room}?done=drill"), "{}", begun.body);
    let page = web.get(&room, &ada).await.body;
    for words in ["<title>Drill: Log4Shell", "Stopwatch of the drill", "Found: the first list", "Not yet"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let answer = json(&web, &format!("{room}?format=json"), &ada).await;
    let parts: Vec<&str> =
        answer["stopwatch"].as_array().expect("parts").iter().filter_map(|part| part["name"].as_str()).collect();
    assert_eq!(parts, ["found", "notified", "first-acknowledged", "all-answered", "fixed", "verified"]);
    let rows = web.get(&format!("{room}?format=csv"), &ada).await.body;
    assert!(rows.lines().next().is_some_and(|head| head.contains("\"is_drill\"")), "{rows}");
    assert!(rows.lines().skip(1).all(|line| line.contains("true")), "every row says that it is a drill: {rows}");
    // Who does not lead starts none.
    let rita = web.person("rita", everywhere(Role::Reader)).await;
    assert!(!web.get("/incidents", &rita).await.body.contains("/incidents/drills"));
    assert_eq!(send(&web, "/incidents/drills", "drill=xz", &rita).await.status, StatusCode::FORBIDDEN);
    assert_eq!(web.post("/incidents/drills", "form_token=x&drill=xz", &ada).await.status, StatusCode::FORBIDDEN);
}

/// Hands a file in on the page of a task.
async fn hand_in(web: &Web, task: &str, name: &str, bytes: &str, cookie: &str) -> Reply {
    let token = token(web, cookie).await;
    let part = |name: &str| format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"");
    let body = format!(
        "{}\r\n\r\n{token}\r\n{}; filename=\"{name}\"\r\n\r\n{bytes}\r\n--x--\r\n",
        part("form_token"),
        part("files")
    );
    let request = axum::http::Request::post(format!("/tasks/{task}/evidence"))
        .header(axum::http::header::COOKIE, cookie)
        .header(axum::http::header::CONTENT_TYPE, "multipart/form-data; boundary=x");
    web.ask(request.body(axum::body::Body::from(body)).expect("a request")).await
}

#[tokio::test]
async fn evidence_is_handed_in_on_the_task_and_says_whether_it_proves() {
    let web = Web::demo().await;
    let ada = web.person("ada", everywhere(Role::Analyst)).await;
    let room = open(&web, "Old+log4j", &ada).await;
    let answer = json(&web, &format!("{room}?format=json"), &ada).await;
    let tasks = answer["tasks"].as_array().expect("tasks");
    let fix = tasks.iter().find(|task| task["kind"] == "fix" && task["place"]["system"] == "lab-reporting");
    let task = fix.expect("the task of a system")["number"].as_str().expect("a number").to_owned();
    let path = format!("/tasks/{task}");
    assert!(web.get(&path, &ada).await.body.contains(&format!("action=\"{path}/evidence\"")));
    let empty = hand_in(&web, &task, "a.json", "", &ada).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.body.contains("Choose a file"), "{}", empty.body);

    // One that still shows the old version stands with the task, and proves nothing.
    let bom = |version: &str, minute: u32| {
        crate::api_asked::DOCUMENT
            .replace("2.14.1", version)
            .replace("2026-03-01T08:00:00Z", &format!("2026-03-01T08:{minute:02}:00Z"))
    };
    let old = hand_in(&web, &task, "old.json", &bom("2.14.1", 1), &ada).await;
    assert_eq!(old.location, format!("{path}?done=evidence"), "{}", old.body);
    let page = web.get(&path, &ada).await.body;
    assert!(page.contains("does not prove it. Its documents show it."), "{page}");
    let task_now = json(&web, &format!("{path}?format=json"), &ada).await;
    assert_eq!(task_now["rows"][0]["state"], "acknowledged", "who hands in has read it: {task_now}");
    assert!(task_now["remarks"][0]["evidence"].is_number(), "{task_now}");
}

#[tokio::test]
async fn an_empty_day_takes_the_day_away_and_taking_a_task_keeps_it() {
    let web = Web::demo().await;
    let ada = web.person("ada", everywhere(Role::Analyst)).await;
    let room = open(&web, "Old+log4j", &ada).await;
    let answer = json(&web, &format!("{room}?format=json"), &ada).await;
    let number = answer["tasks"][0]["number"].as_str().expect("a task").to_owned();
    let path = format!("/tasks/{number}");
    let due = async |form: &str| {
        assert_eq!(send(&web, &format!("{path}/owner"), form, &ada).await.status, StatusCode::SEE_OTHER, "{form}");
        json(&web, &format!("{path}?format=json"), &ada).await["rows"][0]["due"].clone()
    };
    assert_eq!(due("owner=ada&due=2026-03-04T12:00").await, "2026-03-04T12:00:00Z");
    assert_eq!(due("owner=ada").await, "2026-03-04T12:00:00Z");
    assert_eq!(due("owner=ada&due=").await, serde_json::Value::Null);
}

#[tokio::test]
async fn pictures_of_the_lists_come_with_their_query() {
    let web = Web::demo().await;
    let ada = web.person("ada", everywhere(Role::Analyst)).await;
    assert!(!web.get("/incidents", &ada).await.body.contains("id=\"by-step\""), "there is nothing to draw");
    let room = open(&web, "Old+log4j", &ada).await;
    for (path, id, query) in [
        ("/incidents", "by-step", "FROM incident\nWHERE closed IS NULL"),
        ("/tasks?which=all", "by-state", "FROM task\nWHERE is_open"),
        (room.as_str(), "over-time", "FROM incident_moment\nWHERE incident = "),
    ] {
        let page = web.get(path, &ada).await.body;
        assert!(page.contains(&format!("id=\"{id}\"")), "{path}: {page}");
        assert!(page.contains(query), "{path}: {page}");
        assert!(page.contains("systems"), "{path} says how much it covers");
        let sql = page
            .split("<pre class=\"mono\" tabindex=\"0\" lang=\"en\">")
            .nth(1)
            .and_then(|rest| rest.split("</pre>").next());
        let sql = sql.expect("a query").replace("&#39;", "'").replace("&#x27;", "'");
        let form = format!("q={}&format=json", crate::triage::encoded(&sql));
        let answer = send(&web, "/sql", &form, &ada).await;
        assert_eq!(answer.status, StatusCode::OK, "{sql}: {}", answer.body);
        let answer: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
        assert!(answer["rows"].as_array().is_some_and(|rows| !rows.is_empty()), "{sql}: {answer}");
    }
}
