//! Starting, stopping, and the library's own handles.

use capi_sandbox::{FaultRule, Options, Sandbox};
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use crate::client::Server;
use crate::samples::*;

#[tokio::test]
async fn serving_ends_at_the_signal() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let shutdown = async move { drop(stopped.await) };
    let serving = tokio::spawn(Sandbox::new(Options::default()).serve(listener, shutdown));
    // A client that is connected and silent does not hold it up.
    let _idle = TcpStream::connect(address).await.unwrap();
    stop.send(()).unwrap();
    serving.await.unwrap().unwrap();
}

#[tokio::test]
async fn faults_can_be_set_from_the_library() {
    let server = Server::strict().await;
    let rules = br#"[{"times":1,"answer":{"status":503}}]"#;
    server
        .sandbox
        .set_faults(FaultRule::parse_list(rules).unwrap());
    assert_eq!(server.post_event(&website()).await.status, 503);
    assert_eq!(server.post_event(&website()).await.status, 200);
    assert!(FaultRule::parse_list(b"[").is_err());
}

#[tokio::test]
async fn connections_are_kept_alive() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let server = Server::strict().await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let body = json!({ "data": [website()] }).to_string();
    let request = format!(
        "POST /v26.0/1/events?access_token=T HTTP/1.1\r\nHost: localhost\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    for _ in 0..3 {
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = vec![0; 4096];
        let read = stream.read(&mut answer).await.unwrap();
        assert!(answer[..read].starts_with(b"HTTP/1.1 200 "));
    }
    assert_eq!(server.sandbox.stats().accepted, 3);
}
