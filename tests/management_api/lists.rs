//! Lists: pages, their headers, and searching users.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    each_setup,
    support::{answer::Answer, client::ApiClient, server::TestServer},
};

/// Creates users one millisecond apart, in this order.
async fn create_in_order(server: &TestServer, admin: &ApiClient, bodies: &[Value]) {
    for body in bodies {
        admin.post("/api/users", body.clone()).await.expect(200);
        server.wait(Duration::from_millis(1));
    }
}

/// The values of one member, in the list's order.
fn members(answer: &Answer, name: &str) -> Vec<String> {
    let list = answer.json();
    list.as_array()
        .unwrap()
        .iter()
        .map(|one| one[name].as_str().unwrap_or("-").to_owned())
        .collect()
}

/// `rel` and address of each entry of the header `Link`.
fn links(answer: &Answer) -> Vec<(String, String)> {
    let link = |link: &str| {
        let (url, relation) = link.split_once(">; rel=\"").unwrap();
        (
            relation.trim_end_matches('"').to_owned(),
            url.trim_start_matches('<').to_owned(),
        )
    };
    answer.header("link").split(", ").map(link).collect()
}

fn expected_links(list: &[(&str, &str)]) -> Vec<(String, String)> {
    let base = "http://id.example/api/users?";
    list.iter()
        .map(|(relation, query)| ((*relation).to_owned(), format!("{base}{query}")))
        .collect()
}

each_setup! {
    async fn users_come_newest_first_by_pages(server: TestServer) {
        let admin = server.admin().await;
        let bodies: Vec<Value> = (0..25).map(|number| json!({"name": format!("u{number:02}")})).collect();
        create_in_order(&server, &admin, &bodies).await;
        let names = |from: usize, to: usize| (from..=to).rev().map(|number| format!("u{number:02}")).collect::<Vec<_>>();

        let first = admin.get("/api/users").await.expect(200);
        assert_eq!(members(&first, "name"), names(5, 24), "twenty unless told");
        assert_eq!(first.header("total-number"), "25");
        assert_eq!(links(&first), expected_links(&[
            ("first", "page=1&page_size=20"), ("next", "page=2&page_size=20"), ("last", "page=2&page_size=20"),
        ]));
        let middle = admin.get("/api/users?x=%26y&page_size=10&page=2").await.expect(200);
        assert_eq!(members(&middle, "name"), names(5, 14));
        assert_eq!(links(&middle), expected_links(&[
            ("first", "x=%26y&page=1&page_size=10"), ("prev", "x=%26y&page=1&page_size=10"),
            ("next", "x=%26y&page=3&page_size=10"), ("last", "x=%26y&page=3&page_size=10"),
        ]));
        let beyond = admin.get("/api/users?page=4&page_size=10").await.expect(200);
        assert_eq!((beyond.json(), beyond.header("total-number")), (json!([]), "25"));
        assert_eq!(links(&beyond), expected_links(&[
            ("first", "page=1&page_size=10"), ("prev", "page=3&page_size=10"), ("last", "page=3&page_size=10"),
        ]));
        let far = admin.get("/api/users?page=10000000&page_size=100").await.expect(200);
        assert_eq!(far.json(), json!([]));
    }
}

each_setup! {
    async fn users_of_one_moment_stand_on_one_page_each(server: TestServer) {
        let admin = server.admin().await;
        for _ in 0..7 {
            admin.post("/api/users", json!({})).await.expect(200);
        }
        let mut ids = Vec::new();
        for page in 1..=4 {
            ids.extend(members(&admin.get(&format!("/api/users?page={page}&page_size=2")).await.expect(200), "id"));
        }
        let whole = members(&admin.get("/api/users").await.expect(200), "id");
        assert_eq!(ids, whole);
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 7);
    }
}

each_setup! {
    async fn an_empty_list_has_one_page(server: TestServer) {
        let admin = server.admin().await;
        let answer = admin.get("/api/users").await.expect(200);
        assert_eq!((answer.json(), answer.header("total-number")), (json!([]), "0"));
        assert_eq!(links(&answer), expected_links(&[("first", "page=1&page_size=20"), ("last", "page=1&page_size=20")]));
    }
}

each_setup! {
    async fn pages_out_of_range_are_refused(server: TestServer) {
        let admin = server.admin().await;
        for path in ["/api/users", "/api/applications", "/api/resources", "/api/resources/management-api/scopes"] {
            for query in [
                "page=0", "page=-1", "page=x", "page=", "page=1.5", "page=%2B1", "page=99999999999999999999",
                "page_size=0", "page_size=101", "page_size=", "page_size=a", "page=1&page_size=-1",
            ] {
                let refused = admin.get(&format!("{path}?{query}")).await.expect(400);
                assert_eq!(refused.code(), "guard.invalid_pagination", "{path}?{query}");
            }
        }
    }
}

each_setup! {
    async fn users_are_searched_by_pattern(server: TestServer) {
        let admin = server.admin().await;
        create_in_order(&server, &admin, &[
            json!({"username": "anna", "primaryEmail": "anna@first.example", "name": "Anna Ärger"}),
            json!({"username": "bob_1", "primaryPhone": "819012345678", "name": "100% Bob"}),
            json!({"username": "bobby", "primaryEmail": "bobby@second.example", "name": "C:\\bob"}),
            json!({"name": "さくら"}),
        ]).await;
        for (query, expected) in [
            ("search=%25anna%25", "anna"),
            ("search=anna", "anna"),
            ("search=ANNA", "anna"),
            ("search=ann", ""),
            ("search=%25EXAMPLE", "bobby anna"),
            ("search=%25example&isCaseSensitive=true", "bobby anna"),
            ("search=%25EXAMPLE&isCaseSensitive=true", ""),
            ("search=bob%25", "bobby bob_1"),
            ("search=b_bby", "bobby"),
            ("search=8190%25", "bob_1"),
            ("search=%25さくら%25", "-"),
            ("search=%25Ärger", "anna"),
            ("search=%25%5Cbob", "bobby"),
            ("search=100%25%25", "bob_1"),
            ("search.username=%25b%25", "bobby bob_1"),
            ("search.primaryEmail=%25second%25", "bobby"),
            ("search.primaryPhone=819012345678", "bob_1"),
            ("search.name=%25bob", "bobby bob_1"),
            ("search.name=%25bob&search.username=bobby&joint=and", "bobby"),
            ("search.name=さくら&search.username=anna&joint=or", "- anna"),
            ("search.username=anna&search.username=bobby&mode.username=exact", "bobby anna"),
            ("search.username=ANNA&mode=exact", "anna"),
            ("search.username=ANNA&mode=exact&isCaseSensitive=true", ""),
            ("search.username=an%25&mode=exact", ""),
            ("search=%27%20OR%201%3D1--", ""),
        ] {
            let answer = admin.get(&format!("/api/users?{}", query.replace("さくら", "%E3%81%95%E3%81%8F%E3%82%89").replace('Ä', "%C3%84"))).await.expect(200);
            assert_eq!(members(&answer, "username").join(" "), expected, "{query}");
            assert_eq!(answer.header("total-number"), expected.split_whitespace().count().to_string(), "{query}");
        }
        let id = members(&admin.get("/api/users?search=anna").await, "id").remove(0);
        assert_eq!(members(&admin.get(&format!("/api/users?search.id={id}")).await, "username"), ["anna"]);

        let paged = admin.get("/api/users?search=bob%25&page=1&page_size=1").await.expect(200);
        assert_eq!((members(&paged, "username").join(""), paged.header("total-number")), ("bobby".to_owned(), "2"));
        assert!(links(&paged).contains(&("next".into(), "http://id.example/api/users?search=bob%25&page=2&page_size=1".into())));
    }
}

each_setup! {
    async fn a_search_ignores_the_case_of_every_letter(server: TestServer) {
        let admin = server.admin().await;
        create_in_order(&server, &admin, &[
            json!({"username": "upper", "name": "ÅSA ÑANDÚ ЖАННА ΑΘΗΝΑ"}), json!({"username": "lower", "name": "åsa ñandú жанна αθηνα"}),
        ]).await;
        for word in ["ÅSA", "åsa", "Ñandú", "ЖАННА", "жанна", "Αθηνα"] {
            let pattern: String = url::form_urlencoded::byte_serialize(word.as_bytes()).collect();
            let answer = admin.get(&format!("/api/users?search.name=%25{pattern}%25")).await.expect(200);
            assert_eq!(members(&answer, "username"), ["lower", "upper"], "{word}");
        }
    }
}

each_setup! {
    async fn a_search_that_is_not_offered_is_refused(server: TestServer) {
        let admin = server.admin().await;
        let many = (0..51).map(|number| format!("search.id={number}")).collect::<Vec<_>>().join("&");
        let long = format!("search={}", "x".repeat(257));
        for query in [
            "search=", "search=a&search=b", "search.nickname=a", "search.=a", "mode=regex&search=a",
            "search=a&mode=similar_to", "search=a&mode=posix", "search.id=a&mode.id=posix", "mode.x=exact&search=a",
            "search=a&joint=xor", "search=%00", "search=%FF", "excludeRoleId=x", "excludeOrganizationId=x",
            &format!("mode=exact&{many}"), &long,
        ] {
            let refused = admin.get(&format!("/api/users?{query}")).await.expect(400);
            assert_eq!(refused.code(), "request.invalid_input", "{query:.80}");
        }
    }
}

each_setup! {
    async fn lists_with_optional_pages_are_whole_unless_asked(server: TestServer) {
        let admin = server.admin().await;
        for number in 0..22 {
            let body = json!({"name": format!("r{number:02}"), "indicator": format!("https://r{number:02}.example")});
            admin.post("/api/resources", body).await.expect(201);
            let body = json!({"name": format!("a{number:02}"), "type": "SPA"});
            admin.post("/api/applications", body).await.expect(200);
            server.wait(Duration::from_millis(1));
        }
        // The built-in resources and the machine application of these calls are there too.
        for (path, total, newest) in [("/api/resources", 24, "r21"), ("/api/applications", 23, "a21")] {
            let whole = admin.get(path).await.expect(200);
            let names = members(&whole, "name");
            assert_eq!((names.len(), names[0].as_str()), (total, newest));
            assert_eq!((whole.header("total-number"), whole.header("link")), ("", ""));
            let page = admin.get(&format!("{path}?page=2&page_size=5")).await.expect(200);
            assert_eq!(members(&page, "name"), names[5..10]);
            assert_eq!(page.header("total-number"), total.to_string());
            assert_eq!(members(&admin.get(&format!("{path}?page=1")).await.expect(200), "name"), names[..20]);
            assert_eq!(links(&page).len(), 4);
        }
    }
}
