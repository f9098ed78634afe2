// The page of the two-Region lab: what the server tells four times a second, and the buttons.

import { number, plot } from "/plots.js";

const one = selector => document.querySelector(selector);
const SPAN = 122;
const samples = [];
let setup, cards = [], plots = [], busy = "", shownVerdict = 0;

const looks = ["first", "second"];
const make = (name, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};
const put = (element, text) => { if (element.textContent !== text) element.textContent = text; };
const look = (element, name) => { if (element.className !== name) element.className = name; };

// A sample is [time in s, DynamoDB lag in ms, SQL lag in ms, orders confirmed, orders accepted, then for each Region
// requests, errors, p50, p99, open]. Unknown is null.
const regionAt = index => 5 + index * 5;

function sampleOf(state) {
  const known = value => value < 0 ? null : value;
  return [
    state.atMillis / 1000, known(state.dynamoLagMillis), known(state.sqlLagMillis),
    state.counters.ordersAcknowledged, state.counters.ordersAccepted,
    ...state.regions.flatMap(r => [r.requests, r.errors, r.p50Millis, r.p99Millis, known(r.openJournalEntries)])];
}

// Growth in a second of what only grows, over the last second.
function rate(column) {
  let from = 0;
  return samples.map((sample, i) => {
    while (sample[0] - samples[from][0] > 1.1) from++;
    const seconds = sample[0] - samples[from][0];
    return [sample[0], seconds > .2 ? Math.max(0, (sample[column] - samples[from][column]) / seconds) : null];
  });
}
const level = column => samples.map(sample => [sample[0], sample[column]]);
const latency = (column, region) => samples.map((sample, i) => {
  const quiet = i >= 5 && sample[regionAt(region)] === samples[i - 5][regionAt(region)];
  return [sample[0], quiet ? null : sample[column]];
});

function build() {
  const [a, b] = setup.regions;
  put(one("#artifact"), setup.artifact);
  one("#storefront").href = setup.router;
  const template = one("#region-template").content;
  setup.regions.forEach((name, i) => {
    const card = template.cloneNode(true).firstElementChild;
    card.classList.add(looks[i]);
    card.dataset.region = name;
    const parts = {};
    card.querySelectorAll("*").forEach(e => Object.keys(e.dataset).forEach(key => { parts[key] = e; }));
    parts.name.textContent = name;
    one(".regions").append(card);
    cards.push({ card, parts });
  });
  const both = dashed => [{ name: a, look: "first" }, { name: b, look: "second" + (dashed ? " dashed" : "") }];
  const at = regionAt;
  plots = [
    [{ title: "Requests", axis: "answers per second", unit: "per second", floor: 5, series: both() },
      () => [rate(at(0)), rate(at(1))]],
    [{ title: "Errors", axis: "errors per second", unit: "per second", floor: 5, series: both() },
      () => [rate(at(0) + 1), rate(at(1) + 1)]],
    [{ title: "Orders", axis: "orders per second", unit: "per second", floor: 5,
       series: [{ name: "acknowledged", look: "plain" }, { name: "of these 202", look: "third dashed" }] },
      () => [rate(3), rate(4)]],
    [{ title: "Latency", axis: "milliseconds", unit: "ms", floor: 10,
       series: [{ name: "p99", look: "first" }, { name: "p99", look: "second" }, { name: "p50", look: "first thin dashed" }, { name: "p50", look: "second thin dashed" }] },
      () => [latency(at(0) + 3, 0), latency(at(1) + 3, 1), latency(at(0) + 2, 0), latency(at(1) + 2, 1)]],
    [{ title: "Replication lag", axis: "milliseconds", unit: "ms", floor: 100,
       series: [{ name: "DynamoDB", look: "plain" }, { name: "PostgreSQL", look: "third dashed" }] },
      () => [level(1), level(2)]],
    [{ title: "Open orders", axis: "entries of the journal", unit: "orders", floor: 4, series: both(true) },
      () => [level(at(0) + 4), level(at(1) + 4)]],
  ].map(([description, data]) => ({ ...plot(description), data }));
  one("#plots").replaceChildren(...plots.map(p => p.figure));
  one("#fault-groups").replaceChildren(...setup.groups.map(group));
}

function group({ title, faults }) {
  const id = "group-" + title.toLowerCase().replaceAll(/\W+/g, "-");
  return make("div", { className: "fault-group" },
    make("h3", { id, textContent: title }),
    make("ul", {}, ...faults.map(fault => {
      const row = make("li", { className: "fault" });
      row.dataset.fault = fault.name;
      const link = make("a", { href: "/" + fault.runbook.replace("docs/", ""), textContent: "Runbook" });
      link.setAttribute("aria-label", "Runbook: " + fault.title);
      row.append(
        make("div", {}, make("span", { className: "fault-name", textContent: fault.title }), make("p", {}, fault.explanation + " ", link)),
        make("div", { className: "fault-do" }, ...(fault.perRegion ? setup.regions : [""]).map((region, i) => {
          const button = make("button", { type: "button", className: "quiet", textContent: region || "do it" });
          button.setAttribute("aria-label", `${fault.title}: ${region || "do it"}`);
          button.dataset.post = `/faults/${fault.name}?region=${region || setup.regions[0]}`;
          if (region) button.dataset.own = looks[i];
          return button;
        })));
      return row;
    })));
}

function showRegion({ card, parts }, region, perSecond) {
  const gone = !region.processUp && region.dynamo !== "ok" && region.sql !== "ok";
  card.classList.toggle("lost", gone);
  put(parts.health, region.drained ? "drained" : region.healthy ? "healthy" : "out of traffic");
  look(parts.health, "stamp" + (region.drained ? " wait" : region.healthy ? "" : " bad"));
  put(parts.share, region.trafficPercent + " %");
  parts.bar.style.width = region.trafficPercent + "%";
  condition(parts.process, region.processUp ? "running" : "gone", region.processUp ? "ok" : "dead");
  condition(parts.dynamo, region.dynamo, region.dynamo);
  condition(parts.sql, region.sql, region.sql);
  put(parts.role, region.sqlRole === "none" ? "" : region.sqlRole);
  look(parts.role, "badge " + region.sqlRole);
  put(parts.rate, `${number(perSecond)}/s`);
  put(parts.latency, region.p99Millis ? `${number(region.p50Millis)} / ${number(region.p99Millis)} ms` : "–");
  put(parts.open, region.openJournalEntries < 0 ? "unknown" : number(region.openJournalEntries));
}

function condition(element, text, state) {
  put(element, text);
  look(element, "state" + (state === "ok" ? "" : ["slow", "throttling", "conflicting", "losing answers"].includes(state) ? " wait" : " bad"));
}

const behind = millis => millis === 0 ? "level" : millis < 10_000 ? `${number(millis)} ms behind` : `${number(millis / 1000)} s behind`;

function link(name, text, broken) {
  const element = one(`[data-link=${name}]`);
  element.classList.toggle("bad", broken);
  put(element.querySelector("[data-value]"), text);
}

const told = {
  requests: "requests", readsAnswered: "reads answered", ordersAcknowledged: "orders acknowledged", ordersAccepted: "of these accepted (202)",
  likesAcknowledged: "likes", cartEditsAcknowledged: "cart edits", scoresAcknowledged: "scores", ticketsAcknowledged: "tickets",
  unknown: "no definite answer", failed: "refused" };

function rows(list) {
  return list.map(([name, value]) => make("div", {}, make("dt", { textContent: name }), make("dd", { textContent: value })));
}

function showEvents(events) {
  const list = one("#events");
  const key = events.length ? events[events.length - 1].atMillis + "/" + events.length : "";
  if (list.dataset.key === key) return;
  list.dataset.key = key;
  list.replaceChildren(...[...events].reverse().map(event => {
    const time = make("time", { textContent: new Date(event.atMillis).toLocaleTimeString("en-GB"), dateTime: new Date(event.atMillis).toISOString() });
    return make("li", {}, time, make("span", { textContent: event.what }));
  }));
}

function showVerdict(verdict, at) {
  if (!verdict || at === shownVerdict) return;
  shownVerdict = at;
  const seconds = (verdict.convergedAfterMillis / 1000).toFixed(1);
  one("#verdict").replaceChildren(
    make("p", {}, make("span", { className: "stamp" + (verdict.holds ? "" : " bad"), textContent: verdict.holds ? "All promises hold" : "A promise is broken" })),
    make("p", { className: "under", textContent: verdict.holds ? `Both Regions agreed ${seconds} s after they were healed.` : `${verdict.violations.length} violations.` }),
    make("ul", { className: "violations" }, ...verdict.violations.slice(0, 20).map(text => make("li", { textContent: text }))),
    make("dl", {}, ...rows(Object.entries(verdict.counts).map(([name, count]) => [name, number(count)]))));
}

function showBusy(now) {
  if (now !== busy) {
    busy = now;
    document.querySelectorAll("[data-post]").forEach(button => {
      if (busy) button.setAttribute("aria-disabled", "true"); else button.removeAttribute("aria-disabled");
    });
  }
}

function show({ state, busy, load, verdict, verdictAt }) {
  samples.push(sampleOf(state));
  while (samples[0][0] < state.atMillis / 1000 - SPAN) samples.shift();
  const now = state.atMillis / 1000;
  state.regions.forEach((region, i) => showRegion(cards[i], region, rate(regionAt(i)).at(-1)[1]));
  const faults = state.activeFaults.map(text => text.split(" ")[0]);
  const cut = faults.includes("PARTITION_REGIONS") || faults.includes("LOSE_REGION");
  const frozen = cut || faults.includes("FREEZE_REPLICATION");
  link("dynamo", frozen ? `not copied for ${number(state.dynamoLagMillis / 1000)} s` : behind(state.dynamoLagMillis), frozen);
  const noWriter = state.sqlWriter === "none";
  const noReplica = noWriter || state.sqlLagMillis < 0 || cut;
  link("sql", noWriter ? "no writer" : noReplica ? "not copied" : behind(state.sqlLagMillis), noReplica);
  one("[data-link=sql] .wire").classList.toggle("back", state.sqlWriter === setup.regions[1]);
  document.querySelectorAll(".fault").forEach(row => row.classList.toggle("on", faults.includes(row.dataset.fault)));
  if (!document.hidden) {
    const events = state.lastEvents.filter(event => event.kind === undefined || event.kind !== "CLIENTS").map(event => event.atMillis / 1000);
    plots.forEach(p => p.draw(p.data(), now, events));
  }
  showEvents(state.lastEvents);
  one("#counters").replaceChildren(...rows(Object.entries(told).map(([key, name]) => [name, number(state.counters[key])])));
  showBusy(busy);
  const toggle = one("#load");
  put(toggle, load ? "Stop the clients" : "Start the clients");
  toggle.dataset.post = load ? "/load/stop" : "/load/start";
  showVerdict(verdict, verdictAt);
}

const say = text => put(one("#status"), text);

document.addEventListener("click", async event => {
  const button = event.target.closest("[data-post]");
  if (!button) return;
  if (button.getAttribute("aria-disabled") === "true") return say(`The lab is busy: ${busy}.`);
  const what = button.getAttribute("aria-label") || button.textContent;
  say(`${what} …`);
  try {
    const answer = await fetch(button.dataset.post, { method: "POST" });
    const said = await answer.json();
    const outcome = said.holds === undefined ? "done." : said.holds ? "they hold." : `${said.violations.length} broken.`;
    say(`${what}: ${answer.ok ? outcome : said.detail}`);
  } catch {
    say(`${what}: the lab does not answer.`);
  }
});

async function connect() {
  setup = await (await fetch("/lab.json")).json();
  build();
  const stream = new EventSource("/events");
  stream.addEventListener("history", event => {
    samples.splice(0, samples.length, ...JSON.parse(event.data));
    say("Connected.");
  });
  stream.addEventListener("state", event => show(JSON.parse(event.data)));
  stream.addEventListener("error", () => say("The lab does not answer; trying again."));
}

connect().catch(failure => say(`The lab does not answer: ${failure.message}`));
