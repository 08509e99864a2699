//! The simulation: a load, both backends, and what they go to, event by event in virtual time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use serde::{Deserialize, Serialize};

use super::Duration;
use super::backend::{Backend, Item, Sending, To};
use super::buffer::{Offer, Ready};
use super::delivery::{Clients, Delivery, EventFate, Fate, MOST_FATES, ToSink};
use super::forms::{Form, Forms};
use super::limits;
use super::load::{Arrival, Load, Sized, Source};
use super::notes::{Noted, notes};
use super::options::{LogFormat, Mode, Options};
use super::peer::{OutageKind, Peer};
use super::percentiles::Percentiles;
use super::post;
use super::random::Random;
use super::rotation::RotatedFile;
use super::slab::Slab;
use super::truncate::Truncate;
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
    /// The receiver of the webhook, and of AuditSinks.
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
    /// Its form for webhooks; none where it is too large for them.
    form: Option<Form>,
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
    sinks: Vec<Backend>,
    /// What the webhook, and sinks, may get.
    webhook_limits: Truncate,
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
        messages.extend(load.problem());
        if !messages.is_empty() {
            return Err(Refused { messages });
        }
        let about = load.duration() + Duration::from_secs(1);
        let log = options.log.as_ref().map(|log| {
            let file = RotatedFile::new(log.rotation, log.path == "-", release);
            Backend { file: Some(file), ..Backend::new(log.mode, &log.batch, log.version, about) }
        });
        let webhook = options.webhook.as_ref().map(|set| {
            let backend = Backend::new(set.mode, &set.batch, set.version, about);
            Backend { initial_backoff: set.initial_backoff, ..backend }
        });
        let sinks = options.dynamic.iter().flat_map(|dynamic| &dynamic.sinks);
        let sinks = sinks.map(|sink| Backend::of_sink(sink, about)).collect();
        let of_webhook = options.webhook.as_ref().map(|webhook| webhook.truncate);
        let of_sinks = options.dynamic.as_ref().map(|dynamic| dynamic.truncate);
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
            sinks,
            webhook_limits: of_webhook.or(of_sinks).unwrap_or_default(),
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
        let posting = self.webhook.iter().chain(&self.sinks);
        let notes = notes(&Noted {
            release: self.release,
            options: &self.options,
            templates: &self.load.templates,
            retries: posting.map(|backend| backend.totals.retries).sum(),
            has_jitter: self.jitter.is_some(),
        });
        let names = self.options.dynamic.iter().flat_map(|dynamic| &dynamic.sinks).map(|sink| sink.name.clone());
        let sinks = names.zip(self.sinks).map(|(name, backend)| ToSink { name, made: backend.finish() }).collect();
        let mut delivery = Delivery {
            release: self.release,
            limits: Vec::new(),
            clients: Clients { added_latency: self.waited.times(), ..self.clients },
            log: self.log.map(Backend::finish),
            webhook: self.webhook.map(Backend::finish),
            sinks,
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
        let backends = self.log.iter().chain(&self.webhook).chain(&self.sinks);
        let wakes = backends.filter_map(Backend::wakes).min();
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
            self.take_from_all();
        }
        true
    }

    fn backend(&mut self, to: To) -> Option<&mut Backend> {
        match to {
            To::Log => self.log.as_mut(),
            To::Webhook => self.webhook.as_mut(),
            To::Sink(index) => self.sinks.get_mut(index),
        }
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
                for backend in self.log.iter_mut().chain(&mut self.webhook).chain(&mut self.sinks) {
                    if let Some(buffer) = &mut backend.buffer {
                        buffer.stop(self.now);
                    }
                }
                self.take_from_all();
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
            form: None,
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
        let Some(event) = self.event(request.template, request.stage) else { return };
        let (forms, legacy) = (event.log, event.legacy);
        let (Some(log), Some(forms), Some(set)) = (&mut self.log, forms, &self.options.log) else {
            return self.reach_webhook(slot, false);
        };
        log.came(self.now);
        let (form, leaves_mark) = forms.within(&set.truncate, false);
        let Some(form) = form else {
            log.dropped(self.now, Fate::DroppedBySize);
            self.tell(request.event, To::Log, Fate::DroppedBySize);
            return self.reach_webhook(slot, leaves_mark);
        };
        let truncated = form == Form::Cut;
        log.totals.truncated += u64::from(truncated);
        let bytes = if set.format == LogFormat::Legacy { legacy } else { forms.bytes(form) };
        let item = Item { event: request.event, came: self.now, bytes, truncated };
        if let Some(buffer) = &mut log.buffer {
            let offer = buffer.offer(self.now, item);
            self.offered(slot, To::Log, offer);
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

    /// What the webhook and the sinks get goes through one truncate backend; then the webhook has it, and after that the sinks.
    fn reach_webhook(&mut self, slot: usize, is_marked: bool) {
        let Some(request) = self.requests.get_mut(slot).map(|request| *request) else { return };
        let Some(event) = self.event(request.template, request.stage) else { return };
        let own = event.webhook.filter(|_| self.webhook.is_some());
        let whole = event.made.or(own);
        let form = whole.and_then(|whole| whole.within(&self.webhook_limits, is_marked).0);
        if let Some(request) = self.requests.get_mut(slot) {
            request.form = form;
        }
        let waits = own.is_some_and(|own| self.post(slot, To::Webhook, own, form));
        if !waits {
            self.reach_sinks(slot);
        }
    }

    fn reach_sinks(&mut self, slot: usize) {
        let Some(request) = self.requests.get_mut(slot).map(|request| *request) else { return };
        for index in 0..self.sinks.len() {
            let event = self.event(request.template, request.stage);
            if let Some(forms) = event.and_then(|event| event.sinks.get(index).copied().flatten()) {
                self.post(slot, To::Sink(index), forms, request.form);
            }
        }
        self.made(slot);
    }

    /// Gives an event to what posts it; whether the request waits for that.
    fn post(&mut self, slot: usize, to: To, forms: Forms, form: Option<Form>) -> bool {
        let now = self.now;
        let Some(event) = self.requests.get_mut(slot).map(|request| request.event) else { return false };
        let Some(backend) = self.backend(to) else { return false };
        backend.came(now);
        let Some(form) = form else {
            backend.dropped(now, Fate::DroppedBySize);
            self.tell(event, to, Fate::DroppedBySize);
            return false;
        };
        let truncated = form == Form::Cut;
        backend.totals.truncated += u64::from(truncated);
        let bytes = post::item_size(forms.bytes(form), backend.version);
        let item = Item { event, came: now, bytes, truncated };
        if let Some(buffer) = &mut backend.buffer {
            let offer = buffer.offer(now, item);
            self.offered(slot, to, offer);
            self.take_from(to);
            return false;
        }
        let bytes = post::body_size(std::iter::once(item.bytes), backend.version);
        self.begin(to, vec![item], bytes, Some(slot), None);
        true
    }

    /// What the buffer made of an event.
    fn offered(&mut self, slot: usize, to: To, offer: Offer) {
        let now = self.now;
        let Some(backend) = self.backend(to) else { return };
        let fate = match offer {
            Offer::Taken => return backend.held(now),
            Offer::Full => Fate::DroppedByBuffer,
            Offer::Stopped => Fate::DroppedAtStop,
        };
        backend.dropped(now, fate);
        self.took(slot, offer != Offer::Stopped);
        let event = self.requests.get_mut(slot).map(|request| request.event);
        if let Some(event) = event {
            self.tell(event, to, fate);
        }
    }

    /// Whether a backend took the event; with dynamic configuration all say so, whatever became of it.
    fn took(&mut self, slot: usize, taken: bool) {
        let taken = taken || self.options.dynamic.is_some();
        if let Some(request) = self.requests.get_mut(slot) {
            request.taken &= taken;
        }
    }

    /// All have had the event: the request goes on, or is answered.
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
        self.tell(item.event, To::Log, fate);
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

    fn take_from_all(&mut self) {
        self.take_from_log();
        self.take_from(To::Webhook);
        for index in 0..self.sinks.len() {
            self.take_from(To::Sink(index));
        }
    }

    /// The loop of what posts hands over what is ready.
    fn take_from(&mut self, to: To) {
        let now = self.now;
        while let Some(backend) = self.backend(to)
            && let Some(ready) = backend.buffer.as_mut().and_then(|buffer| buffer.take(now))
        {
            let bytes = post::body_size(ready.events.iter().map(|item| item.bytes), backend.version);
            let told = backend.handed(&ready, bytes);
            let Ready { events, .. } = ready;
            self.begin(to, events, bytes, None, told);
        }
    }

    fn begin(&mut self, to: To, items: Vec<Item>, bytes: u64, request: Option<usize>, told: Option<usize>) {
        let Some(backend) = self.backend(to) else { return };
        backend.under_way(true);
        let backoff = backend.initial_backoff;
        let sending = self.sending.put(Sending { to, items, bytes, tries: 0, backoff, request, told });
        self.send(sending);
    }

    fn send(&mut self, slot: usize) {
        let now = self.now;
        let Some(sending) = self.sending.get_mut(slot) else { return };
        sending.tries += 1;
        let (to, tries) = (sending.to, sending.tries);
        let Some(backend) = self.backend(to) else { return };
        backend.requested(now, tries > 1);
        let answer = self.world.receiver.answer(now);
        let again = match answer.failure {
            None => false,
            // Until 1.16 only errors that are known to pass: an answer of 500 is one.
            Some(kind) => self.release.has(Change::WebhookRetriesAnyError) || kind == OutageKind::Failing,
        };
        let again = again && tries < TRIES;
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
        let Some(sending) = self.sending.take(slot) else { return };
        let Some(backend) = self.backend(sending.to) else { return };
        backend.under_way(false);
        let count = sending.items.len() as u64;
        backend.series.at(now, |bucket| {
            if taken {
                bucket.written += count;
                bucket.bytes += sending.bytes;
            } else {
                bucket.lost += count;
            }
        });
        if taken {
            backend.totals.bytes += sending.bytes;
        }
        backend.told(sending.told, sending.tries, now, taken);
        let strict = backend.mode == Mode::BlockingStrict;
        for item in &sending.items {
            if let Some(backend) = self.backend(sending.to) {
                let fate = backend.ended(item, now, taken);
                self.tell(item.event, sending.to, fate);
            }
        }
        if let Some(request) = sending.request {
            self.took(request, taken || !strict);
            self.reach_sinks(request);
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
                log: event.log.filter(|_| self.log.is_some()).map(|_| Fate::Waiting),
                webhook: event.webhook.filter(|_| self.webhook.is_some()).map(|_| Fate::Waiting),
                sinks: event.sinks.iter().map(|forms| forms.map(|_| Fate::Waiting)).collect(),
            };
            self.fates.push(fate);
        }
    }

    fn tell(&mut self, event: u64, to: To, fate: Fate) {
        let Some(told) = usize::try_from(event).ok().and_then(|event| self.fates.get_mut(event)) else { return };
        let place = match to {
            To::Log => Some(&mut told.log),
            To::Webhook => Some(&mut told.webhook),
            To::Sink(index) => told.sinks.get_mut(index),
        };
        if let Some(place) = place {
            *place = Some(fate);
        }
    }
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
