//! The simulation: a load, both backends, and what they go to, event by event in virtual time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use serde::{Deserialize, Serialize};

use super::Duration;
use super::backend::{Backend, Form, Item, Sending, form};
use super::buffer::{Offer, Ready};
use super::delivery::{Clients, Delivery, EventFate, Fate, MOST_FATES};
use super::limits;
use super::load::{Arrival, Load, MOST_EVENTS, Sized, Source};
use super::options::{LogFormat, Mode, Options};
use super::peer::{OutageKind, Peer};
use super::percentiles::Percentiles;
use super::post;
use super::random::Random;
use super::rotation::RotatedFile;
use super::slab::Slab;
use crate::Release;
use crate::release::Change;

/// How often a batch is tried: upstream's `DefaultRetryBackoffWithInitialDelay`.
pub const TRIES: u32 = 5;
const BACKOFF_FACTOR: f64 = 1.5;
const JITTER: f64 = 0.2;
/// The server's `--request-timeout`, for all but long-running requests.
const CLIENT_TIMEOUT: Duration = Duration::from_secs(60);

/// What the server stands in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct World {
    /// The webhook's receiver.
    pub receiver: Peer,
    /// The log's disk.
    pub disk: Peer,
    /// Waits between tries are up to a fifth longer, as the server's are, by chance that begins with this; none: they are not.
    pub jitter: Option<u64>,
    /// When the server is shut down; none: it goes on until all is sent.
    pub stop: Option<Duration>,
}

/// Why there is nothing to simulate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// What is wrong, one message each; those about settings are the server's.
    pub messages: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Action {
    /// The next event of a request is made.
    Stage(usize),
    /// The event of a request, which the log has taken, comes to the webhook; it is marked or not.
    ToWebhook(usize, bool),
    /// The log's loop has written its batch.
    LogDone,
    /// A batch is sent, again or for the first time.
    Send(usize),
    /// An attempt has come to its end; it worked or not.
    Answered(usize, bool, bool),
    /// The server shuts down.
    Stop,
}

/// A request that is under way.
#[derive(Clone, Copy, Debug)]
struct Request {
    number: u64,
    template: u32,
    stage: usize,
    event: u64,
    /// When the event was made.
    made: Duration,
    waited: Duration,
    /// Whether every backend so far took the event.
    taken: bool,
}

/// A simulation under way. [`simulate`] runs one at once.
#[derive(Debug)]
pub struct Simulation {
    release: Release,
    options: Options,
    load: Load,
    world: World,
    source: Source,
    next: Option<Arrival>,
    /// By time, and at the same time in the order in which they came up.
    actions: BinaryHeap<Reverse<(Duration, u64, Action)>>,
    order: u64,
    requests: Slab<Request>,
    sending: Slab<Sending>,
    log: Option<Backend>,
    webhook: Option<Backend>,
    clients: Clients,
    waited: Percentiles,
    fates: Vec<EventFate>,
    jitter: Option<Random>,
    now: Duration,
    stopped: bool,
}

impl Simulation {
    /// A simulation at its begin.
    ///
    /// # Errors
    ///
    /// Where the server would refuse the settings, or the load is too large or makes no sense.
    pub fn new(release: Release, options: &Options, load: &Load, world: &World) -> Result<Simulation, Refused> {
        let mut messages = options.refusals();
        messages.extend(load_problem(load));
        if !messages.is_empty() {
            return Err(Refused { messages });
        }
        let about = load.duration() + Duration::from_secs(1);
        let log = options.log.as_ref().map(|log| {
            let file = RotatedFile::new(log.rotation, log.path == "-", release);
            Backend::new(log.mode, &log.batch, log.truncate, Some(file), about)
        });
        let webhook = options.webhook.as_ref().map(|set| Backend::new(set.mode, &set.batch, set.truncate, None, about));
        let mut source = Source::new(load);
        let next = source.next();
        let mut simulation = Simulation {
            release,
            options: options.clone(),
            load: Load { arrivals: super::Arrivals::default(), templates: load.templates.clone() },
            world: world.clone(),
            source,
            next,
            actions: BinaryHeap::new(),
            order: 0,
            requests: Slab::default(),
            sending: Slab::default(),
            log,
            webhook,
            clients: Clients::default(),
            waited: Percentiles::default(),
            fates: Vec::new(),
            jitter: world.jitter.map(Random::new),
            now: Duration::ZERO,
            stopped: false,
        };
        if let Some(stop) = world.stop {
            simulation.at(stop, Action::Stop);
        }
        Ok(simulation)
    }

    /// Goes on for so many steps; false where nothing is left to happen.
    pub fn step(&mut self, steps: usize) -> bool {
        (0..steps).all(|_| self.one())
    }

    /// Where in virtual time it is.
    pub fn now(&self) -> Duration {
        self.now
    }

    /// How many requests have arrived.
    pub fn arrived(&self) -> u64 {
        self.clients.requests
    }

    /// What came of it all.
    pub fn finish(self) -> Delivery {
        let notes = notes(&self);
        let mut delivery = Delivery {
            release: self.release,
            limits: Vec::new(),
            clients: Clients { added_latency: self.waited.times(), ..self.clients },
            log: self.log.map(Backend::finish),
            webhook: self.webhook.map(Backend::finish),
            events: self.fates,
            end: self.now,
            notes,
            options: self.options,
        };
        delivery.limits = limits::of(&delivery);
        delivery
    }

    /// The next thing happens. At the same moment arrivals go first, then what was due, then the loops' timers and tokens.
    fn one(&mut self) -> bool {
        let wakes = [&self.log, &self.webhook].into_iter().flatten().filter_map(Backend::wakes).min();
        let due = self.actions.peek().map(|Reverse((at, ..))| *at);
        let others = due.into_iter().chain(wakes).min().unwrap_or(Duration::FOREVER);
        if let Some(arrival) = self.next.filter(|arrival| arrival.at <= others) {
            self.now = arrival.at;
            self.next = if self.stopped { None } else { self.source.next() };
            if !self.stopped {
                self.arrive(arrival);
            }
            return true;
        }
        if others == Duration::FOREVER {
            return false;
        }
        self.now = others;
        if due == Some(others)
            && let Some(Reverse((_, _, action))) = self.actions.pop()
        {
            self.act(action);
        } else {
            self.take_from_log();
            self.take_from_webhook();
        }
        true
    }

    fn at(&mut self, moment: Duration, action: Action) {
        self.order += 1;
        self.actions.push(Reverse((moment, self.order, action)));
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::Stage(request) => self.make(request),
            Action::ToWebhook(request, marked) => self.reach_webhook(request, marked),
            Action::LogDone => {
                if let Some(buffer) = self.log.as_mut().and_then(|log| log.buffer.as_mut()) {
                    buffer.done(self.now);
                }
                self.take_from_log();
            }
            Action::Send(sending) => self.send(sending),
            Action::Answered(sending, taken, again) => self.answered(sending, taken, again),
            Action::Stop => {
                self.stopped = true;
                for backend in [&mut self.log, &mut self.webhook].into_iter().flatten() {
                    if let Some(buffer) = &mut backend.buffer {
                        buffer.stop(self.now);
                    }
                }
                self.take_from_log();
                self.take_from_webhook();
            }
        }
    }

    fn arrive(&mut self, arrival: Arrival) {
        let Some(first) = self.event(arrival.template, 0) else { return };
        let after = first.after;
        let request = self.requests.put(Request {
            number: self.clients.requests,
            template: arrival.template,
            stage: 0,
            event: 0,
            made: Duration::ZERO,
            waited: Duration::ZERO,
            taken: true,
        });
        self.clients.requests += 1;
        if after.is_zero() {
            self.make(request);
        } else {
            self.at(self.now + after, Action::Stage(request));
        }
    }

    fn event(&self, template: u32, stage: usize) -> Option<&Sized> {
        self.load.templates.get(usize::try_from(template).ok()?)?.events.get(stage)
    }

    /// An event of a request is made, and goes to the backends in turn: upstream's `union`.
    fn make(&mut self, slot: usize) {
        let Some(request) = self.requests.get_mut(slot) else { return };
        request.event = self.clients.events;
        request.made = self.now;
        request.taken = true;
        let request = *request;
        self.clients.events += 1;
        self.tell_of(&request);
        let Some(log) = &mut self.log else { return self.reach_webhook(slot, false) };
        let templates = &self.load.templates;
        let template = usize::try_from(request.template).ok().and_then(|template| templates.get(template));
        let Some(event) = template.and_then(|template| template.events.get(request.stage)) else { return };

        log.came(self.now);
        let Form { bytes, truncated, leaves_mark } = form(event, false, &log.truncate);
        let Some(line) = bytes else {
            log.dropped(self.now, Fate::DroppedBySize);
            self.tell(request.event, true, Fate::DroppedBySize);
            return self.reach_webhook(slot, leaves_mark);
        };
        log.totals.truncated += u64::from(truncated);
        let is_legacy = self.options.log.as_ref().is_some_and(|log| log.format == LogFormat::Legacy);
        let bytes = if is_legacy { event.legacy } else { line };
        let item = Item { event: request.event, came: self.now, bytes, truncated };
        if let Some(buffer) = &mut log.buffer {
            let offer = buffer.offer(self.now, item);
            self.offered(slot, true, offer);
            self.take_from_log();
            return self.reach_webhook(slot, leaves_mark);
        }
        let strict = log.mode == Mode::BlockingStrict;
        let (done, written) = self.write(&item);
        self.took(slot, written || !strict);
        if done > self.now {
            self.at(done, Action::ToWebhook(slot, leaves_mark));
        } else {
            self.reach_webhook(slot, leaves_mark);
        }
    }

    fn reach_webhook(&mut self, slot: usize, is_marked: bool) {
        let Some(request) = self.requests.get_mut(slot).map(|request| *request) else { return };
        let Some(webhook) = &mut self.webhook else { return self.made(slot) };
        let templates = &self.load.templates;
        let template = usize::try_from(request.template).ok().and_then(|template| templates.get(template));
        let Some(event) = template.and_then(|template| template.events.get(request.stage)) else { return };

        webhook.came(self.now);
        let Form { bytes, truncated, .. } = form(event, is_marked, &webhook.truncate);
        let Some(line) = bytes else {
            webhook.dropped(self.now, Fate::DroppedBySize);
            self.tell(request.event, false, Fate::DroppedBySize);
            return self.made(slot);
        };
        webhook.totals.truncated += u64::from(truncated);
        let item = Item { event: request.event, came: self.now, bytes: Sized::item(line), truncated };
        if let Some(buffer) = &mut webhook.buffer {
            let offer = buffer.offer(self.now, item);
            self.offered(slot, false, offer);
            self.take_from_webhook();
            return self.made(slot);
        }
        self.begin(vec![item], Some(slot), None);
    }

    /// What the buffer made of an event.
    fn offered(&mut self, slot: usize, is_log: bool, offer: Offer) {
        let now = self.now;
        let Some(backend) = (if is_log { &mut self.log } else { &mut self.webhook }) else { return };
        let fate = match offer {
            Offer::Taken => return backend.held(now),
            Offer::Full => Fate::DroppedByBuffer,
            Offer::Stopped => Fate::DroppedAtStop,
        };
        backend.dropped(now, fate);
        self.took(slot, offer != Offer::Stopped);
        let event = self.requests.get_mut(slot).map(|request| request.event);
        if let Some(event) = event {
            self.tell(event, is_log, fate);
        }
    }

    fn took(&mut self, slot: usize, taken: bool) {
        if let Some(request) = self.requests.get_mut(slot) {
            request.taken &= taken;
        }
    }

    /// Both backends have had the event: the request goes on, or is answered.
    fn made(&mut self, slot: usize) {
        let now = self.now;
        let Some(request) = self.requests.get_mut(slot) else { return };
        request.waited = request.waited + (now - request.made);
        request.stage += 1;
        let request = *request;
        let made = self.event(request.template, request.stage.saturating_sub(1));
        let is_refused = !request.taken && made.is_some_and(Sized::is_first);
        let next = self.event(request.template, request.stage).map(|event| event.after);
        match next.filter(|_| !is_refused) {
            Some(after) => self.at(now + after, Action::Stage(slot)),
            None => {
                self.requests.take(slot);
                self.clients.answered_500 += u64::from(is_refused);
                let template = usize::try_from(request.template).ok().and_then(|at| self.load.templates.get(at));
                let is_long = template.is_some_and(|template| template.long_running);
                self.clients.timed_out += u64::from(!is_long && request.waited >= CLIENT_TIMEOUT);
                self.waited.add(request.waited);
            }
        }
    }

    /// Writes a line: when that is done, and whether it worked. Lines are written one after another.
    fn write(&mut self, item: &Item) -> (Duration, bool) {
        let Some(log) = &mut self.log else { return (self.now, false) };
        let answer = self.world.disk.write(self.now.max(log.free));
        log.free = answer.at;
        log.requested(answer.at, false);
        let bytes = u64::from(item.bytes);
        let fits = log.file.as_mut().is_none_or(|file| answer.failure.is_some() || file.write(answer.at, bytes));
        let written = answer.failure.is_none() && fits;
        let fate = log.ended(item, answer.at, written);
        log.series.at(answer.at, |bucket| if written { bucket.written += 1 } else { bucket.lost += 1 });
        if written {
            log.totals.bytes += bytes;
            log.series.at(answer.at, |bucket| bucket.bytes += bytes);
        }
        self.tell(item.event, true, fate);
        (answer.at, written)
    }

    /// The log's loop hands over what is ready.
    fn take_from_log(&mut self) {
        while let Some(ready) = self.log.as_mut().and_then(|log| log.buffer.as_mut()?.take(self.now)) {
            let bytes = ready.events.iter().map(|item| u64::from(item.bytes)).sum();
            let Some(log) = &mut self.log else { return };
            let (told, is_async) = (log.handed(&ready, bytes), log.is_async);
            let (mut done, mut taken) = (self.now, true);
            for item in &ready.events {
                let (at, written) = self.write(item);
                done = done.max(at);
                taken &= written;
            }
            let Some(log) = &mut self.log else { return };
            log.told(told, 1, done, taken);
            if is_async {
                continue;
            }
            if done > self.now {
                self.at(done, Action::LogDone);
                return;
            }
            if let Some(buffer) = &mut log.buffer {
                buffer.done(self.now);
            }
        }
    }

    /// The webhook's loop hands over what is ready.
    fn take_from_webhook(&mut self) {
        while let Some(ready) = self.webhook.as_mut().and_then(|webhook| webhook.buffer.as_mut()?.take(self.now)) {
            let bytes = post::body_size(ready.events.iter().map(|item| item.bytes));
            let told = self.webhook.as_mut().and_then(|webhook| webhook.handed(&ready, bytes));
            let Ready { events, .. } = ready;
            self.begin(events, None, told);
        }
    }

    fn begin(&mut self, items: Vec<Item>, request: Option<usize>, told: Option<usize>) {
        let bytes = post::body_size(items.iter().map(|item| item.bytes));
        let backoff = self.options.webhook.as_ref().map_or(Duration::ZERO, |webhook| webhook.initial_backoff);
        let sending = self.sending.put(Sending { items, bytes, tries: 0, backoff, request, told });
        if let Some(webhook) = &mut self.webhook {
            webhook.under_way(true);
        }
        self.send(sending);
    }

    fn send(&mut self, slot: usize) {
        let now = self.now;
        let (Some(sending), Some(webhook)) = (self.sending.get_mut(slot), &mut self.webhook) else { return };
        sending.tries += 1;
        webhook.requested(now, sending.tries > 1);
        let answer = self.world.receiver.answer(now);
        let again = match answer.failure {
            None => false,
            // Until 1.16 only errors that are known to pass: an answer of 500 is one.
            Some(kind) => self.release.has(Change::WebhookRetriesAnyError) || kind == OutageKind::Failing,
        };
        let again = again && sending.tries < TRIES;
        if answer.at > now {
            self.at(answer.at, Action::Answered(slot, answer.failure.is_none(), again));
        } else {
            self.answered(slot, answer.failure.is_none(), again);
        }
    }

    fn answered(&mut self, slot: usize, taken: bool, again: bool) {
        let now = self.now;
        if again && let Some(sending) = self.sending.get_mut(slot) {
            let wait = sending.backoff;
            sending.backoff = wait.times(BACKOFF_FACTOR);
            let longer = self.jitter.as_mut().map_or(0.0, |random| random.share() * JITTER);
            return self.at(now + wait + wait.times(longer), Action::Send(slot));
        }
        let (Some(sending), Some(webhook)) = (self.sending.take(slot), &mut self.webhook) else { return };
        webhook.under_way(false);
        let count = sending.items.len() as u64;
        webhook.series.at(now, |bucket| {
            if taken {
                bucket.written += count;
                bucket.bytes += sending.bytes;
            } else {
                bucket.lost += count;
            }
        });
        if taken {
            webhook.totals.bytes += sending.bytes;
        }
        webhook.told(sending.told, sending.tries, now, taken);
        let strict = webhook.mode == Mode::BlockingStrict;
        for item in &sending.items {
            if let Some(webhook) = &mut self.webhook {
                let fate = webhook.ended(item, now, taken);
                self.tell(item.event, false, fate);
            }
        }
        if let Some(request) = sending.request {
            self.took(request, taken || !strict);
            self.made(request);
        }
    }

    /// Tells of a new event, as long as they are few.
    fn tell_of(&mut self, request: &Request) {
        let index = usize::try_from(request.event).unwrap_or(usize::MAX);
        if index >= MOST_FATES {
            self.fates = Vec::new();
        } else if let Some(event) = self.event(request.template, request.stage) {
            let fate = EventFate {
                at: self.now,
                request: request.number,
                template: request.template,
                stage: event.stage.clone(),
                log: self.log.as_ref().map(|_| Fate::Waiting),
                webhook: self.webhook.as_ref().map(|_| Fate::Waiting),
            };
            self.fates.push(fate);
        }
    }

    fn tell(&mut self, event: u64, is_log: bool, fate: Fate) {
        if let Some(told) = usize::try_from(event).ok().and_then(|event| self.fates.get_mut(event)) {
            let place = if is_log { &mut told.log } else { &mut told.webhook };
            *place = Some(fate);
        }
    }
}

fn load_problem(load: &Load) -> Option<String> {
    let most = load.most_events();
    if !most.is_finite() || most > MOST_EVENTS as f64 {
        return Some(format!("the load is about {most:.0} events: give one of at most {MOST_EVENTS}"));
    }
    let super::Arrivals::Generated(generator) = &load.arrivals else { return None };
    let rates = [Some(generator.rate), generator.bursts.map(|bursts| bursts.rate)];
    if rates.into_iter().flatten().any(|rate| rate < 0.0) {
        return Some("the rate is negative: give 0 or more requests a second".to_owned());
    }
    let is_endless = |every: Duration| generator.duration.seconds() / every.seconds() > 1e6;
    if generator.bursts.is_some_and(|bursts| !bursts.every.is_zero() && is_endless(bursts.every)) {
        return Some("there are more than a million bursts: give a longer time between them".to_owned());
    }
    None
}

/// What is not as the server does it, and what a reader would not expect.
fn notes(simulation: &Simulation) -> Vec<String> {
    let mut notes = Vec::new();
    let Options { log, webhook } = &simulation.options;
    let retries = simulation.webhook.as_ref().map_or(0, |webhook| webhook.totals.retries);
    if retries > 0 && simulation.jitter.is_none() {
        notes.push("waits between tries are exact; the server makes each up to 20 % longer by chance".to_owned());
    }
    let modes = [log.as_ref().map(|log| log.mode), webhook.as_ref().map(|webhook| webhook.mode)];
    let mut events = simulation.load.templates.iter().flat_map(|template| &template.events);
    let has_events = !simulation.load.templates.is_empty();
    if modes.contains(&Some(Mode::BlockingStrict)) && has_events && !events.any(Sized::is_first) {
        notes.push(
            "no RequestReceived event is recorded, so blocking-strict refuses no request: it looks at that stage alone"
                .to_owned(),
        );
    }
    let has_batches = |mode: Mode, size: u32| mode == Mode::Batch && size > 1;
    let log = log.as_ref().is_some_and(|log| has_batches(log.mode, log.batch.max_batch_size));
    let webhook = webhook.as_ref().is_some_and(|webhook| has_batches(webhook.mode, webhook.batch.max_batch_size));
    if (log || webhook) && simulation.release.minor() < 32 {
        notes.push(
            "before 1.32 a timer that ran out while the loop waited for a token could end the next batch early"
                .to_owned(),
        );
    }
    notes
}

/// Simulates a load.
///
/// # Errors
///
/// Where the server would refuse the settings, or the load is too large or makes no sense.
pub fn simulate(release: Release, options: &Options, load: &Load, world: &World) -> Result<Delivery, Refused> {
    let mut simulation = Simulation::new(release, options, load, world)?;
    while simulation.step(100_000) {}
    Ok(simulation.finish())
}
