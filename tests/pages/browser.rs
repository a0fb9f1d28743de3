//! A headless Chromium, driven over its `DevTools` protocol: JSON messages that end in a NUL byte, through two pipes.
//!
//! Nothing else is needed for that: the browser reads its third and writes its fourth descriptor, which a shell makes of
//! the standard ones, and it ends when they close. No step waits for a fixed time; each waits until something is so.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// How long anything may take before it counts as broken. Generous: a loaded machine starts a browser slowly.
const LIMIT: Duration = Duration::from_mins(3);

/// A browser.
pub(crate) struct Browser {
    child: Child,
    pipe: RefCell<Pipe>,
    folder: tempfile::TempDir,
}

struct Pipe {
    to: Option<ChildStdin>,
    from: Receiver<Value>,
    calls: u64,
    /// What was told between the answers.
    events: VecDeque<Value>,
}

/// Where the browser is: `CHROMIUM`, or one of its names on the path.
fn program() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        return Some(named.into());
    }
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chromium-headless-shell"];
    let path = std::env::var_os("PATH")?;
    names
        .iter()
        .find_map(|name| std::env::split_paths(&path).map(|folder| folder.join(name)).find(|program| program.is_file()))
}

/// The browser refuses to run as root inside its own sandbox.
fn root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

impl Browser {
    /// Starts one. `None`, and said so, where there is none; with `CI` set that is a failure.
    pub(crate) fn start() -> Option<Browser> {
        let Some(program) = program() else {
            let said = "no Chromium was found: `make test` installs it, CHROMIUM names one";
            assert!(std::env::var_os("CI").is_none(), "{said}");
            println!("skipped: {said}");
            eprintln!("skipped: {said}");
            return None;
        };
        let folder = tempfile::tempdir().expect("a folder for the browser");
        let log = folder.path().join("stderr");
        let mut command = Command::new("sh");
        command
            .args(["-c", "exec \"$0\" \"$@\" 3<&0 4>&1 0</dev/null 1>/dev/null 2>\"$LOG\""])
            .arg(&program)
            .args(["--headless", "--remote-debugging-pipe", "--disable-gpu", "--disable-dev-shm-usage"])
            .args(["--no-first-run", "--no-default-browser-check", "--disable-background-networking"])
            .args(["--disable-component-update", "--disable-sync", "--disable-extensions", "--disable-breakpad"])
            .arg("--disable-default-apps")
            .arg(format!("--user-data-dir={}", folder.path().join("profile").display()));
        if root() {
            command.arg("--no-sandbox");
        }
        let mut child = command
            .env("LOG", &log)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell starts the browser");
        let (send, from) = channel();
        let answers = BufReader::new(child.stdout.take().expect("piped"));
        std::thread::spawn(move || {
            for message in answers.split(0).map_while(Result::ok) {
                let message = serde_json::from_slice(&message).expect("the browser writes JSON");
                if send.send(message).is_err() {
                    return;
                }
            }
        });
        let to = child.stdin.take();
        let pipe = RefCell::new(Pipe { to, from, calls: 0, events: VecDeque::new() });
        Some(Browser { child, pipe, folder })
    }

    /// The next message, whatever it is.
    fn next(&self, waiting: &str) -> Value {
        let told = self.pipe.borrow().from.recv_timeout(LIMIT);
        told.unwrap_or_else(|error| {
            let log = std::fs::read_to_string(self.folder.path().join("stderr")).unwrap_or_default();
            let what = match error {
                RecvTimeoutError::Timeout => "does not answer",
                RecvTimeoutError::Disconnected => "is gone",
            };
            panic!("the browser {what}, waiting for {waiting}: {log}")
        })
    }

    /// One call and its result.
    fn call(&self, session: Option<&str>, method: &str, params: &Value) -> Value {
        let id = {
            let mut pipe = self.pipe.borrow_mut();
            pipe.calls += 1;
            let id = pipe.calls;
            let mut message = json!({ "id": id, "method": method, "params": params });
            if let Some(session) = session {
                message["sessionId"] = json!(session);
            }
            let mut bytes = serde_json::to_vec(&message).expect("JSON");
            bytes.push(0);
            pipe.to.as_mut().expect("open").write_all(&bytes).expect("the browser listens");
            id
        };
        loop {
            let mut message = self.next(method);
            if message["id"] == id {
                assert!(message.get("error").is_none(), "{method}: {message}");
                return message["result"].take();
            }
            self.pipe.borrow_mut().events.push_back(message);
        }
    }

    /// An empty page of its own.
    pub(crate) fn page(&self) -> Page<'_> {
        let target = self.call(None, "Target.createTarget", &json!({ "url": "about:blank" }));
        let target = target["targetId"].as_str().expect("a target").to_owned();
        let attached = self.call(None, "Target.attachToTarget", &json!({ "targetId": target, "flatten": true }));
        let session = attached["sessionId"].as_str().expect("a session").to_owned();
        let page = Page { browser: self, target, session, address: RefCell::default(), troubles: RefCell::default() };
        for domain in ["Page", "Runtime", "Log", "Network"] {
            page.call(&format!("{domain}.enable"), &json!({}));
        }
        page
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It ends when nobody talks to it any more; its folder can go when it has.
        self.pipe.borrow_mut().to = None;
        let asked = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) {
            if asked.elapsed() > LIMIT {
                let _ = self.child.kill();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// One page of a browser.
pub(crate) struct Page<'a> {
    browser: &'a Browser,
    target: String,
    session: String,
    address: RefCell<String>,
    troubles: RefCell<Vec<String>>,
}

impl Page<'_> {
    /// Calls a method of the protocol on this page.
    pub(crate) fn call(&self, method: &str, params: &Value) -> Value {
        self.browser.call(Some(&self.session), method, params)
    }

    /// Opens a file and waits until it has loaded.
    pub(crate) fn open(&self, file: &Path) {
        let address = format!("file://{}", file.display());
        self.address.replace(address.clone());
        self.call("Page.navigate", &json!({ "url": address }));
        loop {
            let next = self.browser.pipe.borrow_mut().events.pop_front();
            let event = next.unwrap_or_else(|| self.browser.next("a page that has loaded"));
            if self.heard(&event) == Some("Page.loadEventFired") {
                return;
            }
        }
    }

    /// Keeps what an event says against the page; the event's name, when it is of this page.
    fn heard<'e>(&self, event: &'e Value) -> Option<&'e str> {
        if event["sessionId"] != self.session.as_str() {
            return None;
        }
        let (method, params) = (event["method"].as_str()?, &event["params"]);
        let trouble = match method {
            "Runtime.exceptionThrown" => Some(params["exceptionDetails"].to_string()),
            "Runtime.consoleAPICalled" if ["error", "warning", "assert"].map(Value::from).contains(&params["type"]) => {
                Some(params["args"].to_string())
            }
            "Log.entryAdded" if ["error", "warning"].map(Value::from).contains(&params["entry"]["level"]) => {
                Some(params["entry"].to_string())
            }
            "Network.requestWillBeSent" if params["request"]["url"] != self.address.borrow().as_str() => {
                Some(format!("a request for {}", params["request"]["url"]))
            }
            _ => None,
        };
        self.troubles.borrow_mut().extend(trouble);
        Some(method)
    }

    /// What has gone wrong since the page was opened: console errors, exceptions, requests for anything but the page.
    pub(crate) fn troubles(&self) -> Vec<String> {
        // An answer comes after everything that was told before it.
        self.run("0");
        let events: Vec<Value> = self.browser.pipe.borrow_mut().events.drain(..).collect();
        for event in &events {
            self.heard(event);
        }
        self.troubles.borrow_mut().drain(..).collect()
    }

    /// The value of an expression; a promise is waited for.
    pub(crate) fn run(&self, script: &str) -> Value {
        let params = json!({ "expression": script, "awaitPromise": true, "returnByValue": true, "userGesture": true });
        let mut answer = self.call("Runtime.evaluate", &params);
        assert!(answer.get("exceptionDetails").is_none(), "{script}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].take()
    }

    /// Waits until an expression is true.
    pub(crate) fn until(&self, script: &str) {
        let wait = format!(
            "new Promise((done) => {{ const end = performance.now() + {}; (function look() {{ \
             if ({script}) done(true); else if (performance.now() > end) done(false); else setTimeout(look, 10); }})(); }})",
            LIMIT.as_millis() / 2
        );
        assert_eq!(self.run(&wait), true, "never came true: {script}");
    }

    /// Clicks in the middle of an element, as a mouse does.
    pub(crate) fn click(&self, selector: &str) {
        let place = self.run(&format!(
            "(() => {{ const one = document.querySelector({selector:?}); one.scrollIntoView({{ block: 'center' }}); \
             const box = one.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; }})()"
        ));
        for kind in ["mousePressed", "mouseReleased"] {
            let mouse = json!({ "type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1 });
            self.call("Input.dispatchMouseEvent", &mouse);
        }
    }

    /// Presses a key that writes nothing.
    pub(crate) fn press(&self, key: &str) {
        let code = match key {
            "Tab" => 9,
            "Enter" => 13,
            "End" => 35,
            "Home" => 36,
            "ArrowLeft" => 37,
            "ArrowUp" => 38,
            "ArrowRight" => 39,
            "ArrowDown" => 40,
            _ => panic!("no code for {key}"),
        };
        for kind in ["keyDown", "keyUp"] {
            let mut press = json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code });
            if key == "Enter" && kind == "keyDown" {
                press["text"] = json!("\r");
            }
            self.call("Input.dispatchKeyEvent", &press);
        }
    }

    /// Writes into what has the focus.
    pub(crate) fn write(&self, text: &str) {
        self.call("Input.insertText", &json!({ "text": text }));
    }
}

impl Drop for Page<'_> {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.browser.call(None, "Target.closeTarget", &json!({ "targetId": self.target }));
        }
    }
}
