// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Through a proxy: what is asked of it, what goes directly, and what is never asked.

use underpin_feeds::{Code, Proxies, Validators};
use underpin_testkit::server::{Reply, Server};

use super::world::{World, world_behind};

async fn told(world: &World, address: &str) -> Result<String, Code> {
    let answer = world.client.bytes(address, &Validators::default(), 100).await;
    answer.map(|answer| String::from_utf8(answer.unwrap().bytes).unwrap()).map_err(|error| error.code)
}

/// A world behind a proxy (a server of its own, under a name that lies inside), with `a.example` called directly.
fn behind() -> (Server, World) {
    let proxy = Server::start();
    let address = format!("http://user:word@proxy.example:{}", proxy.port());
    let world = world_behind(Server::start(), Proxies::read(Some(&address), &["a.example".to_owned()], &|_| None));
    (proxy, world)
}

#[tokio::test]
async fn a_host_is_asked_for_through_the_proxy_and_an_exempt_one_directly() {
    let (proxy, world) = behind();
    // The proxy resolves names that are not known here.
    let far = format!("http://gone.example:{}/a", world.server.port());
    proxy.on(&far, [Reply::ok("through the proxy")]);
    world.server.on("/a", [Reply::ok("directly")]);
    assert_eq!(told(&world, &far).await.as_deref(), Ok("through the proxy"));
    let asked = proxy.asked();
    assert_eq!(asked[0].headers["proxy-authorization"], "Basic dXNlcjp3b3Jk");
    assert_eq!(told(&world, &world.at("/a")).await.as_deref(), Ok("directly"));
    assert_eq!((proxy.take_paths().len(), world.server.take_paths().len()), (1, 1));
    assert!(!world.edge.resolved.lock().unwrap().contains(&"gone.example".to_owned()));
    // Encrypted: the proxy is asked for a way through, and gives none.
    let encrypted = told(&world, "https://far.example/a").await;
    assert!(matches!(encrypted, Err(Code::Unreachable | Code::BrokenTransfer)), "{encrypted:?}");
    assert_eq!(proxy.take_paths()[0], "far.example:443");
}

#[tokio::test]
async fn the_guard_judges_what_it_can_before_the_proxy_is_asked() {
    let (proxy, world) = behind();
    let port = world.server.port();
    let start = format!("http://gone.example:{port}/start");
    for location in [
        format!("http://169.254.169.{}/latest", 254),
        format!("http://127.0.0.{}:{port}/a", 1),
        "http://public.example/a".to_owned(),
        "https://far.example:22/a".to_owned(),
        format!("http://proxy.example:{}/a", proxy.port()),
        "https://proxy.example/a".to_owned(),
    ] {
        proxy.on(&start, [Reply::redirect(location.clone())]);
        assert_eq!(told(&world, &start).await, Err(Code::AddressRefused), "{location}");
        assert_eq!(proxy.take_paths(), std::slice::from_ref(&start), "{location}");
    }
    // What is exempt goes directly, and is judged as a whole.
    let direct = world_behind(
        Server::start(),
        Proxies::read(Some(&format!("http://proxy.example:{}", proxy.port())), &["inside.example".to_owned()], &|_| {
            None
        }),
    );
    let inside = direct.server.address("inside.example", "/a");
    assert_eq!(told(&direct, &inside).await, Err(Code::AddressRefused));
    assert_eq!(proxy.take_paths(), Vec::<String>::new());
}
