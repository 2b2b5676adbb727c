#![allow(clippy::all, clippy::unwrap_used, clippy::disallowed_methods, clippy::print_stdout, clippy::indexing_slicing)]
use std::time::Instant;
use meibo_store::db::*;
use meibo_store::values;
fn cpu() -> f64 { let s = std::fs::read_to_string("/proc/self/stat").unwrap(); let f: Vec<&str> = s.rsplit(") ").next().unwrap().split(' ').collect(); (f[11].parse::<f64>().unwrap() + f[12].parse::<f64>().unwrap()) / 100.0 }
fn rss() -> String { std::fs::read_to_string("/proc/self/status").unwrap().lines().find(|l| l.starts_with("VmRSS")).unwrap().to_owned() }
#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let url = std::env::args().nth(1).unwrap();
    let db = Db::open(&DatabaseConfig::parse(&url).unwrap()).await.unwrap();
    let m = Migration::new(1, "t", "CREATE TABLE users (id TEXT PRIMARY KEY, version BIGINT NOT NULL, username_key TEXT, name TEXT, a TEXT, b TEXT, c TEXT, d BIGINT, e BIGINT); CREATE TABLE audit_log (id TEXT PRIMARY KEY, user_id TEXT, what TEXT);");
    db.migrate(&[m], 0).await.unwrap();
    println!("open {}", rss());
    let ins = Sql::from("INSERT INTO users (id, version, username_key, name, a, b, c, d, e) VALUES ($1,1,$1,'name of a person','{\"a\":1}','text','text',1,2) ON CONFLICT DO NOTHING");
    for c in 0..20 { let mut b = Batch::new(); for i in 0..1000 { b = b.run(Table::Users, &ins, values![format!("user{:08}", c*1000+i)]); } db.commit(b).await.unwrap(); }
    let get = Sql::from("SELECT id, version, username_key, name, a, b, c, d, e FROM users WHERE id = $1");
    let upd = Sql::from("UPDATE users SET version = version + 1, name = $2 WHERE id = $1");
    let aud = Sql::from("INSERT INTO audit_log (id, user_id, what) VALUES ($1, $2, 'user.updated')");
    for tasks in [1usize, 16, 32] {
        let n = if tasks == 1 { 20_000 } else { 300_000 } / tasks / if url.starts_with("p") { 10 } else { 1 };
        let (t, c) = (Instant::now(), cpu());
        let hs: Vec<_> = (0..tasks).map(|k| { let (db, get) = (db.clone(), get.clone()); tokio::spawn(async move { for i in 0..n { let id = format!("user{:08}", (i * 7919 + k * 104729) % 20000); let r = db.query_opt(&get, &values![id]).await.unwrap().unwrap(); std::hint::black_box((r.text(0), r.int(1), r.text(3))); } }) }).collect();
        for h in hs { h.await.unwrap(); }
        let s = t.elapsed().as_secs_f64(); let ops = (n * tasks) as f64;
        println!("read  x{tasks}: {:.0}/s, {:.2} us cpu/op", ops / s, (cpu() - c) / ops * 1e6);
    }
    for tasks in [1usize, 8, 32, 128] {
        let n = if tasks == 1 { 5_000 } else { 60_000 } / tasks / if url.starts_with("p") { 5 } else { 1 };
        let (t, c) = (Instant::now(), cpu());
        let hs: Vec<_> = (0..tasks).map(|k| { let (db, upd, aud) = (db.clone(), upd.clone(), aud.clone()); tokio::spawn(async move { let mut worst = 0f64; for i in 0..n { let id = format!("user{:08}", (i * 7919 + k * 104729) % 20000); let t = Instant::now();
            db.commit(Batch::new().expect(1, Table::Users, &upd, values![&id, format!("n{i}")]).run(Table::AuditLog, &aud, values![format!("{tasks}-{k}-{i}-{:?}", std::process::id()), id])).await.unwrap(); worst = worst.max(t.elapsed().as_secs_f64()); } worst }) }).collect();
        let mut worst = 0f64; for h in hs { worst = worst.max(h.await.unwrap()); }
        let s = t.elapsed().as_secs_f64(); let ops = (n * tasks) as f64;
        println!("write x{tasks}: {:.0}/s, {:.2} us cpu/op, worst {:.1} ms", ops / s, (cpu() - c) / ops * 1e6, worst * 1e3);
    }
    println!("end {}", rss());
    db.close().await;
}
