//! buffered: a schedule of calls → the batches with their times, what is dropped, what each call answered, and when shutting down was done.

use audit_policy::deliver::{Batch, Buffer, Duration, Offer};
use serde_json::{Value, json};

use super::Report;
use super::vectors::{Case, answers, text};

pub(super) fn run(name: &str, cases: &[Case], report: &mut Report) {
    for case in cases {
        report.count(name, text(case, "id"), check(case));
    }
}

fn check(case: &Case) -> Result<(), String> {
    let mut schedule = Schedule::new(case)?;
    schedule.play(case);
    let got = schedule.outcome();
    for answer in answers(case) {
        for key in ["batches", "dropped", "returned", "shutdownDone"] {
            let (wanted, got) = (answer.out.get(key), got.get(key));
            if wanted != got {
                return Err(format!("{} {key}: wanted {wanted:?}\n   got {got:?}", answer.version));
            }
        }
    }
    Ok(())
}

/// A buffer, and what it did.
struct Schedule {
    buffer: Buffer<String>,
    is_async: bool,
    delay: Duration,
    /// When a synchronous call of the backend returns.
    busy_until: Option<Duration>,
    last_call_done: Duration,
    batches: Vec<Value>,
    dropped: Vec<String>,
    returned: Vec<bool>,
}

impl Schedule {
    fn new(case: &Case) -> Result<Schedule, String> {
        let number = |key: &str| case.get(key).and_then(Value::as_u64).ok_or(format!("no {key}"));
        let small = |key: &str| number(key).map(|number| u32::try_from(number).unwrap_or(u32::MAX));
        let is = |key: &str| case.get(key).and_then(Value::as_bool).unwrap_or_default();
        let config = Batch {
            buffer_size: small("bufferSize")?,
            max_batch_size: small("maxBatchSize")?,
            max_batch_wait: Duration::from_millis(number("maxBatchWaitMs")?),
            throttle_enable: is("throttleEnable"),
            throttle_qps: case.get("throttleQPS").and_then(Value::as_f64).unwrap_or_default() as f32,
            throttle_burst: small("throttleBurst")?,
            async_delegate: is("async"),
        };
        Ok(Schedule {
            buffer: Buffer::new(&config),
            is_async: config.async_delegate,
            delay: Duration::from_millis(number("delegateDelayMs")?),
            busy_until: None,
            last_call_done: Duration::ZERO,
            batches: Vec::new(),
            dropped: Vec::new(),
            returned: Vec::new(),
        })
    }

    fn play(&mut self, case: &Case) {
        let moment = |value: &Value, key: &str| {
            Duration::from_millis(value.get(key).and_then(Value::as_u64).unwrap_or_default())
        };
        // The loop begins, the calls come, the server stops; at the same moment in this order, but that calls before the loop runs are first.
        let run = moment(case, "runMs");
        let mut arrivals: Vec<(Duration, &Value)> = Vec::new();
        for call in case.get("arrivals").and_then(Value::as_array).into_iter().flatten() {
            arrivals.push((moment(call, "atMs"), call));
        }
        let mut is_running = run.is_zero();
        if is_running {
            self.buffer.run(run);
        }
        for (at, call) in arrivals {
            if !is_running && at >= run {
                is_running = true;
                self.buffer.run(run);
            }
            self.pass_until(at);
            self.call(at, call);
        }
        let stop = moment(case, "stopMs");
        if !is_running {
            self.buffer.run(run);
        }
        self.pass_until(stop);
        self.buffer.stop(stop);
        self.take(stop);
        self.pass_until(Duration::FOREVER);
    }

    fn call(&mut self, at: Duration, call: &Value) {
        let mut ids = call.get("ids").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        let mut answer = true;
        while let Some(id) = ids.next() {
            match self.buffer.offer(at, id.to_owned()) {
                Offer::Taken => self.take(at),
                Offer::Full => {
                    self.dropped.extend([id].into_iter().chain(ids.by_ref()).map(str::to_owned));
                }
                Offer::Stopped => answer = false,
            }
        }
        self.returned.push(answer);
    }

    /// Everything that happens until a moment.
    fn pass_until(&mut self, moment: Duration) {
        loop {
            let Some(next) = self.buffer.wakes().into_iter().chain(self.busy_until).min() else { return };
            if next > moment {
                return;
            }
            if self.busy_until == Some(next) {
                self.busy_until = None;
                self.buffer.done(next);
            }
            self.take(next);
        }
    }

    fn take(&mut self, now: Duration) {
        while let Some(ready) = self.buffer.take(now) {
            self.batches.push(json!({ "at": tenths(ready.at), "events": ready.events }));
            self.last_call_done = ready.at + self.delay;
            if !self.is_async {
                self.busy_until = Some(self.last_call_done);
                if self.delay.is_zero() {
                    self.busy_until = None;
                    self.buffer.done(now);
                }
            }
        }
    }

    fn outcome(&self) -> Value {
        let ended = self.buffer.ended().map(|ended| tenths(ended.max(self.last_call_done)));
        json!({
            "batches": self.batches,
            "dropped": self.dropped,
            "returned": self.returned,
            "shutdownDone": ended,
        })
    }
}

/// Tenths of a second, rounded.
fn tenths(moment: Duration) -> u64 {
    (moment.nanos() + 50_000_000) / 100_000_000
}
