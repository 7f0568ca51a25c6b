// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a plan says on its way, and what an executor makes of one that says something else.

use std::sync::Arc;

use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::datasource::object_store::ObjectStoreUrl;
use datafusion::datasource::physical_plan::FileGroup;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::prelude::{SessionConfig, SessionContext};
use datafusion_proto::physical_plan::AsExecutionPlan as _;
use datafusion_proto::protobuf::PhysicalPlanNode;

use super::check::refuse_strangers;
use super::codec::PlanCodec;
use super::functions::scheduler_state;
use super::planned::{Bounds, Shipment, opened, shipment};
use super::shipped::ShippedRows;
use crate::engine::{ClusterKeys, ClusterSecret, EngineSettings};
use crate::exec::Keep;
use crate::provider::{Columns, file_of, segments_url};
use crate::rows::{Cell, TableRows};
use crate::schema::{ColumnKind, Table};
use crate::session::{Lake, SegmentRef, Session};
use crate::sql::{Beside, SmallTable, SqlLimits, Value};
use crate::visible::DocumentSet;

const LIMITS: SqlLimits = SqlLimits { memory_bytes: 1 << 28, timeout_ms: 30_000, text_bytes: 10_000, operators: 2_000 };

fn settings() -> EngineSettings {
    let secret = ClusterSecret::new("a secret that is long enough for this").unwrap();
    EngineSettings {
        address: "df://localhost:1".parse().unwrap(),
        keys: ClusterKeys { secret, tls: None },
        small_rows: 0,
        plan_bytes: 1 << 20,
        partitions: 2,
        answer_bytes: 1 << 28,
        timeout_ms: 30_000,
        attempts: 1,
    }
}

/// Two documents; the second one is nobody's business.
struct Place {
    lake: Arc<Lake>,
    segments: Vec<SegmentRef>,
    _folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let lake = Lake::open(folder.path().to_owned()).unwrap();
        let mut place = Self { lake, segments: Vec::new(), _folder: folder };
        let names = ["open-package", "hidden-package"];
        place.write("package_version", |rows| {
            for (at, name) in names.iter().enumerate() {
                let number = Cell::Integer(at as i64 + 1);
                let text = Cell::Text(name);
                let empty = Cell::Text("");
                rows.push(&[number, number, text, Cell::Text("npm"), empty, text, empty, empty, text]);
            }
        });
        place.write("occurrence", |rows| {
            for document in [1, 2] {
                let number = Cell::Integer(document);
                let null = Cell::Null;
                let (code, sure) = (Cell::Code(1), Cell::Integer(85));
                rows.push(&[number, number, number, code, null, null, null, code, sure, null, null]);
            }
        });
        place.write("document", |rows| {
            for document in [1, 2] {
                let mut row = vec![Cell::Integer(document)];
                row.extend(std::iter::repeat_n(Cell::Text(""), 12));
                row.extend([Cell::Null, Cell::Integer(0), Cell::Integer(0), Cell::Boolean(false)]);
                rows.push(&row);
            }
        });
        place
    }

    fn write(&mut self, table: &str, fill: impl FnOnce(&mut TableRows)) {
        let table = Table::named(table).unwrap();
        let mut rows = TableRows::new(table);
        fill(&mut rows);
        for written in self.lake.segments.write(table, &rows.finish().unwrap(), "1").unwrap() {
            let (table, order) = (written.table.to_owned(), written.order.to_owned());
            self.segments.push(SegmentRef {
                table,
                order,
                path: written.path,
                rows: written.rows,
                bytes: written.bytes,
            });
        }
    }

    fn session(&self, visible: impl IntoIterator<Item = i64>) -> Session {
        let visible: DocumentSet = visible.into_iter().collect();
        self.lake.session(self.segments.clone(), Arc::new(visible))
    }
}

fn small(systems: &[&str]) -> Vec<SmallTable> {
    let binding: &[(&str, ColumnKind, &str)] = &[
        ("document", ColumnKind::Integer, ""),
        ("system", ColumnKind::Text, ""),
        ("deployment", ColumnKind::Text, ""),
        ("current", ColumnKind::Boolean, ""),
    ];
    let system: &[(&str, ColumnKind, &str)] =
        &[("system", ColumnKind::Text, ""), ("agency", ColumnKind::Text, ""), ("status", ColumnKind::Text, "")];
    let text = |text: &str| Value::Text(text.to_owned());
    let rows = systems.iter().map(|name| vec![text(name), text(""), text("active")]).collect();
    vec![
        SmallTable { name: "binding", grain: "", columns: binding, rows: Vec::new() },
        SmallTable { name: "system", grain: "", columns: system, rows },
    ]
}

fn planned(session: &Session, text: &str, small: &[SmallTable]) -> Option<Shipment> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let beside = Beside { small, ..Beside::default() };
    runtime.block_on(async {
        let opened = opened(session, beside, LIMITS, &settings()).await.unwrap();
        let bounds = Bounds::of(&settings(), LIMITS, session.lake.place());
        shipment(opened, text.to_owned(), bounds).await.unwrap()
    })
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

fn read_back(bytes: &[u8]) -> Arc<dyn ExecutionPlan> {
    let state = scheduler_state(SessionConfig::new(), 1 << 20).unwrap();
    let context = SessionContext::new_with_state(state).task_ctx();
    PhysicalPlanNode::try_decode(bytes).unwrap().try_into_physical_plan(&context, &PlanCodec::default()).unwrap()
}

fn leaves(plan: &Arc<dyn ExecutionPlan>) -> Vec<Keep> {
    let own = plan.downcast_ref::<ShippedRows>().map(|rows| rows.keep.clone());
    own.into_iter().chain(plan.children().into_iter().flat_map(leaves)).collect()
}

const ASKED: &str = "SELECT v.name, s.system FROM occurrence_stored o JOIN package_version v \
    ON v.package_version = o.package_version CROSS JOIN system s WHERE o.document > 0";

#[test]
fn a_plan_carries_what_its_viewer_may_see_and_nothing_else() {
    let place = Place::new();
    for visible in [vec![1], vec![]] {
        let sent = planned(&place.session(visible.clone()), ASKED, &small(&["portal"])).expect("travels");
        assert!(holds(&sent.plan, "portal"));
        for hidden in ["hidden-package", "open-package", "another-system"] {
            assert!(!holds(&sent.plan, hidden), "{hidden}");
        }
        let set: DocumentSet = visible.iter().copied().collect();
        let seen: Arc<[i64]> = visible.clone().into();
        let kept = leaves(&read_back(&sent.plan));
        assert_eq!(kept.len(), 2, "{kept:?}");
        assert!(
            kept.contains(&Keep::Documents(Arc::new(set))) && kept.contains(&Keep::Versions(Some(seen))),
            "{kept:?}"
        );
    }
    let kept = leaves(&read_back(&planned(&place.session([1, 2]), ASKED, &small(&["portal"])).expect("travels").plan));
    assert!(kept.contains(&Keep::All) && kept.contains(&Keep::Versions(None)), "{kept:?}");
}

#[test]
fn what_is_too_large_to_travel_stays() {
    let place = Place::new();
    let many: Vec<String> = (0..60_000).map(|number| format!("a system with the number {number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert!(planned(&place.session([1]), ASKED, &small(&many)).is_none());
    assert!(planned(&place.session([1]), "SELECT count(*) FROM system", &small(&["portal"])).is_none());
    let nested = (0..60).fold("document".to_owned(), |inner, _| format!("abs({inner})"));
    assert!(planned(&place.session([1]), &format!("SELECT {nested} FROM occurrence_stored"), &small(&[])).is_none());
}

/// A leaf over some files of some store.
fn leaf(place: &Place, url: &str, name: &str, keep: Keep) -> Arc<dyn ExecutionPlan> {
    let table = Table::named("occurrence").unwrap();
    let columns = Columns::of(table, None, keep.looks_at_rows().then_some("document")).unwrap();
    let mut segment = place.segments.iter().find(|segment| segment.table == "occurrence").unwrap().clone();
    segment.path = name.to_owned();
    let group = FileGroup::new(vec![file_of(&segment)]);
    columns.scan(&ObjectStoreUrl::parse(url).unwrap(), columns.source(), vec![group]).unwrap()
}

#[test]
fn an_executor_refuses_files_outside_of_its_store_and_rows_without_a_viewer() {
    let place = Place::new();
    let own = Arc::clone(place.lake.place());
    let url = segments_url().unwrap().to_string();
    let table = Table::named("occurrence").unwrap();
    let shipped = |store: &str, input| -> Arc<dyn ExecutionPlan> {
        Arc::new(ShippedRows::new(table, store.into(), Keep::All, input).unwrap())
    };
    let name = "occurrence-package-1.parquet";
    let right = shipped(&own, leaf(&place, &url, name, Keep::All));
    assert!(refuse_strangers(&right, &own).is_ok());
    let empty = MemorySourceConfig::try_new_exec(&[vec![]], table.schema(), None).unwrap();
    for wrong in [
        // Nobody says who may see it.
        leaf(&place, &url, name, Keep::All),
        shipped("file:///elsewhere", leaf(&place, &url, name, Keep::All)),
        shipped(&own, leaf(&place, "file://", name, Keep::All)),
        shipped(&own, leaf(&place, &url, "occurrence-/../../etc/passwd.parquet", Keep::All)),
        shipped(&own, leaf(&place, &url, "licence-document-1.parquet", Keep::All)),
        shipped(&own, leaf(&place, &url, "occurrence-package-1.tmp", Keep::All)),
        shipped(&own, empty),
    ] {
        assert!(refuse_strangers(&wrong, &own).is_err(), "{wrong:?}");
    }
}

#[test]
fn a_leaf_that_does_not_say_what_may_be_seen_is_no_plan() {
    let place = Place::new();
    let sent = planned(&place.session([1]), "SELECT document FROM occurrence_stored", &small(&[])).expect("travels");
    let mark = b"underpin rows 1\n";
    let at = sent.plan.windows(mark.len()).position(|window| window == mark).expect("a leaf of ours");
    let mut broken = sent.plan.clone();
    // The length of the set of documents: now it ends in the middle of a number.
    let tail = &sent.plan[at..];
    let set = tail.windows(2).position(|window| window == [0x22, 8]).expect("a set of documents") + at + 1;
    broken[set] = 7;
    let state = scheduler_state(SessionConfig::new(), 1 << 20).unwrap();
    let context = SessionContext::new_with_state(state).task_ctx();
    let read = PhysicalPlanNode::try_decode(&broken)
        .and_then(|message| message.try_into_physical_plan(&context, &PlanCodec::default()));
    assert!(read.is_err());
}
