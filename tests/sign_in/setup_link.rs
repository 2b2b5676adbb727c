//! The one-time link that makes the first administrator.

use futures_util::future::join_all;

use crate::{
    each_setup,
    support::{
        fixtures::PASSWORD,
        server::{PUBLIC_URL, TestServer},
    },
};

async fn setup_path(server: &TestServer) -> String {
    let link = server.app().issue_setup_link().await.unwrap().unwrap();
    link.strip_prefix(PUBLIC_URL).unwrap().to_owned()
}

each_setup! {
    async fn it_works_once(server: TestServer) {
        let path = setup_path(&server).await;
        let mut browser = server.browser();
        let page = browser.get(&path).await.expect(200);
        assert!(page.text().contains(r#"name="username""#), "{}", page.text());
        for wrong in [("1st", PASSWORD), ("owner", "short"), ("owner", "owner123")] {
            let answer = browser.post(&path, &[("username", wrong.0), ("password", wrong.1)]).await;
            assert!(answer.status.is_client_error(), "{wrong:?}");
            assert!(answer.text().contains("-error\""), "{wrong:?} {}", answer.text());
        }
        let done = browser.post(&path, &[("username", "owner"), ("password", PASSWORD)]).await.expect(200);
        assert!(done.text().contains("owner"), "{}", done.text());
        browser.get(&path).await.expect(404);
        browser.post(&path, &[("username", "second"), ("password", PASSWORD)]).await.expect(404);
        assert_eq!(server.app().issue_setup_link().await.unwrap(), None, "there is one now");
        let client = server.spa().await;
        let (path, _) = browser.authorize(&client, &[]).await.page();
        browser.submit(&path, &[("identifier", "owner"), ("password", PASSWORD)]).await.elsewhere();
    }
}

each_setup! {
    async fn twenty_posts_at_once_make_one_administrator(server: TestServer) {
        let path = setup_path(&server).await;
        let posts = (0..20).map(|number| {
            let (mut browser, path) = (server.browser(), path.clone());
            let name = format!("owner_{number}");
            tokio::spawn(async move { browser.post(&path, &[("username", &name), ("password", PASSWORD)]).await })
        });
        let statuses: Vec<u16> =
            join_all(posts).await.into_iter().map(|answer| answer.unwrap().status.as_u16()).collect();
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
        assert!(statuses.iter().all(|status| [200, 404].contains(status)), "{statuses:?}");
        let users = server.admin().await.get("/api/users").await.expect(200).json();
        assert_eq!(users.as_array().unwrap().len(), 1);
    }
}

each_setup! {
    async fn only_the_newest_link_works(server: TestServer) {
        let old = setup_path(&server).await;
        let new = setup_path(&server).await;
        let mut browser = server.browser();
        browser.get(&old).await.expect(404);
        browser.post(&old, &[("username", "owner"), ("password", PASSWORD)]).await.expect(404);
        browser.get("/setup/guessed").await.expect(404);
        browser.get(&new).await.expect(200);
    }
}

each_setup! {
    async fn a_taken_username_leaves_the_link_as_it_is(server: TestServer) {
        server.person("sakura").await;
        let path = setup_path(&server).await;
        let mut browser = server.browser();
        let answer = browser.post(&path, &[("username", "sakura"), ("password", PASSWORD)]).await.expect(422);
        assert!(answer.text().contains("This username is taken."), "{}", answer.text());
        browser.post(&path, &[("username", "owner"), ("password", PASSWORD)]).await.expect(200);
    }
}
