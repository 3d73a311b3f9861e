// The debug log's page. Texts of calls come from strangers: they are only ever put in as text.

const EVERY = 2000; // milliseconds from one look to the next
const main = document.getElementById("main");
const state = document.getElementById("state");

function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element && name !== "list") element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== ""));
  return element;
}

async function load(path) {
  const answer = await fetch(path, { headers: { Accept: "application/json" } });
  if (answer.status === 401) location.assign("/debug/login?then=" + encodeURIComponent(location.pathname));
  const said = await answer.json();
  if (!answer.ok && !said.error) throw new Error(`${answer.status}`);
  return said;
}

function tell(text, lost = false) {
  if (state.textContent !== text) state.textContent = text;
  state.classList.toggle("lost", lost);
}

// Look again and again, but only while somebody sees it.
async function follow(look) {
  for (;;) {
    if (!document.hidden) {
      try {
        tell((await look()) ? "updating" : "");
      } catch {
        tell("no connection", true);
      }
    }
    await new Promise((done) => setTimeout(done, EVERY));
  }
}

function clock(seconds, now) {
  const at = new Date(seconds * 1000);
  const time = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
  const today = at.toDateString() === new Date(now * 1000).toDateString();
  const day = at.toLocaleDateString([], { day: "numeric", month: "short" });
  return h("time", { dateTime: at.toISOString(), title: at.toISOString() }, today ? time : `${day} ${time}`);
}

function lasting(seconds) {
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function who(call) {
  const caller = call.caller || "unknown";
  const name = call.name && call.name !== caller ? ` ${call.name}` : "";
  return h("span", { className: "who" }, h("b", {}, caller), name, " → ", h("b", {}, call.dialled || "?"));
}

function fate(call) {
  if (call.live) return h("span", { className: "live" }, call.doing || call.status || "live");
  const status = call.ended_at ? call.status : "unfinished";
  const tone = call.failed ? "bad" : status === "completed" ? "good" : "warning";
  return h("span", { className: `fate ${tone}` }, call.failed ? "failed" : status);
}

function row(call, now) {
  const ended = call.live ? now : call.ended_at;
  const began = call.started_at ?? call.created;
  const lasted = ended ? ` · ${lasting(Math.max(0, ended - began))}` : "";
  const parts = [clock(began, now), who(call), h("span", { className: "how" }, fate(call), lasted)];
  if (call.reason) {
    const { code, message, where } = call.reason;
    parts.push(h("span", { className: "why" }, h("span", { className: "mono" }, `${code} `), where ? `${where}: ` : "", message));
  }
  const place = "/debug/calls/" + encodeURIComponent(call.call_id);
  const kept = !call.live || call.kept;
  return h("li", {}, kept ? h("a", { className: "call", href: place }, parts) : h("div", { className: "call" }, parts));
}

function section(title, calls, now, kind = "") {
  if (!calls.length) return [];
  return [h("h2", {}, title), h("ul", { className: `calls ${kind}` }, calls.map((call) => row(call, now)))];
}

// Put what is new in place of the old; who is on a link, or in an opened block, stays there.
function show(place, ...children) {
  const focus = place.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  place.replaceChildren(...children.flat());
  if (focus) place.querySelector(`[href="${CSS.escape(focus)}"]`)?.focus({ preventScroll: true });
}

function listPage() {
  const asked = new URLSearchParams(location.search);
  const search = h("input", { type: "search", name: "search", placeholder: "Number, name, URL, error …", value: asked.get("search") || "" });
  search.setAttribute("aria-label", "Search calls");
  const choice = (value, label) => {
    const input = h("input", { type: "radio", name: "which", value, checked: (asked.get("failed") || "") === value });
    return h("label", {}, input, label);
  };
  const which = h("div", { className: "choice", role: "radiogroup" }, choice("", "All"), choice("1", "Failed"));
  which.setAttribute("aria-label", "Which calls");
  const lists = h("div");
  const more = h("button", { className: "more", type: "button", hidden: true }, "Earlier calls");
  main.replaceChildren(h("h1", {}, "Calls"), h("div", { className: "find", role: "search" }, search, which), lists, more);

  let earlier = [];
  let next = "";
  let last = "";
  const query = (before = "") => {
    const failed = which.querySelector(":checked").value;
    return new URLSearchParams({ search: search.value, failed, before });
  };
  const paint = (data) => {
    const filtered = Boolean(search.value || query().get("failed"));
    const calls = [...data.calls.map((call) => data.live.find((one) => one.call_id === call.call_id) ? { ...call, live: true } : call), ...earlier];
    const done = calls.filter((call) => !call.live);
    const live = filtered ? [] : data.live.map((call) => ({ ...call, live: true }));
    show(
      lists,
      section("Failed in the last 24 hours", data.failed, data.now, "failed"),
      section(`Live · ${live.length}`, live, data.now),
      section(filtered ? "Found" : "Calls", filtered ? calls : done, data.now),
      calls.length + live.length ? [] : h("p", { className: "empty" }, filtered ? "No call is like that." : "Nothing is kept yet. A call is kept when its pivot action says “debug”, and whenever one fails."),
    );
    more.hidden = !next;
  };
  let shown = null;
  const look = async () => {
    const data = await load("/debug/data/calls?" + query());
    if (data.error) throw new Error(data.error);
    const fresh = JSON.stringify(data);
    if (fresh !== last) {
      last = fresh;
      shown = data;
      if (!earlier.length) next = data.more;
      paint(data);
    }
    return true;
  };
  const anew = () => {
    earlier = [];
    const said = query();
    for (const name of ["search", "failed", "before"]) if (!said.get(name)) said.delete(name);
    history.replaceState(null, "", "/debug" + (said.size ? "?" + said : ""));
    look().catch(() => tell("no connection", true));
  };
  let typing;
  search.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(anew, 250);
  });
  which.addEventListener("change", anew);
  more.addEventListener("click", async () => {
    const data = await load("/debug/data/calls?" + query(next));
    earlier = [...earlier, ...data.calls];
    next = data.more;
    paint(shown);
  });
  follow(look);
}

// Colours for documents: tokens become spans, whatever they say.
const TOKENS = {
  xml: /(?<note><!--[^]*?(?:-->|$)|<\?[^]*?(?:\?>|$))|(?<tag><\/?[\w:.-]+|\/?>)|(?<string>"[^"<]*")|(?<name>[\w:.-]+(?==))/g,
  json: /(?<key>"(?:[^"\\]|\\.)*"(?=\s*:))|(?<string>"(?:[^"\\]|\\.)*")|(?<name>\b(?:true|false|null)\b|-?\b\d[\d.eE+-]*)/g,
};

function coloured(text, language) {
  const pattern = TOKENS[language];
  if (!pattern || text.length > 40000) return [text];
  const parts = [];
  let done = 0;
  for (const match of text.matchAll(pattern)) {
    const kind = Object.entries(match.groups).find(([, value]) => value !== undefined)[0];
    parts.push(text.slice(done, match.index), h("span", { className: `x-${kind}` }, match[0]));
    done = match.index + match[0].length;
  }
  return [...parts, text.slice(done)];
}

function block(one, open) {
  const rows = one.pairs.map(([name, value]) => h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, value)));
  const inner = one.pairs.length ? h("table", {}, h("tbody", {}, rows)) : h("pre", { tabIndex: 0 }, coloured(one.text, one.language));
  if (!one.pairs.length) inner.setAttribute("aria-label", one.label);
  const count = one.pairs.length ? ` · ${one.pairs.length}` : "";
  return h("details", { open }, h("summary", {}, one.label + count), inner);
}

function entry(one) {
  const at = h("span", { className: "at" }, one.at.toFixed(2));
  const took = one.seconds === null ? "" : h("span", { className: "took" }, ` ${lasting(one.seconds)}`);
  const text = one.text ? h("span", { className: `text ${one.tone}` }, ` ${one.text}`) : "";
  const line = h("div", { className: "line" }, h("span", { className: `title ${one.kind === "problem" ? one.tone : ""}` }, one.title), text, took);
  const blocks = one.blocks.map((part) => block(part, part.label === "Answer" && part.text.length < 6000));
  return h("li", { className: `${one.kind} tone-${one.tone}` }, at, h("span", { className: "dot" }), h("div", {}, line, blocks));
}

function facts(call, data) {
  const began = call.started_at ?? data.began;
  const ended = data.live ? data.now : call.ended_at;
  const items = [["Status", fate({ ...call, live: data.live, doing: data.live?.doing })]];
  if (began) items.push(["Began", clock(began, data.now)]);
  if (began && ended) items.push(["Lasted", lasting(Math.max(0, ended - began))]);
  items.push(["Call", h("code", {}, data.call_id)]);
  return h("dl", { className: "facts" }, items.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
}

function callPage(callId) {
  const top = h("div");
  const story = h("ol", { className: "story" });
  main.replaceChildren(h("a", { href: "/debug" }, "← Calls"), top, story);
  story.setAttribute("aria-label", "What happened");
  const drawn = [];
  follow(async () => {
    const data = await load("/debug/data/calls/" + encodeURIComponent(callId));
    if (data.error) {
      top.replaceChildren(h("p", { className: "empty" }, data.error));
      return false;
    }
    const call = { ...data.summary, ...(data.live || {}), failed: Boolean(data.summary.reason) };
    document.title = `${call.caller || "Call"} → ${call.dialled || "?"} · ari_pivot`;
    const { reason } = data.summary;
    show(
      top,
      h("h1", {}, who(call)),
      facts(call, data),
      reason ? h("p", { className: "reason" }, h("b", {}, `${reason.code} `), reason.where ? `${reason.where}: ` : "", reason.message) : [],
    );
    data.entries.forEach((one, index) => {
      const fresh = JSON.stringify(one);
      if (drawn[index] === fresh) return;
      drawn[index] = fresh;
      if (story.children[index]) story.children[index].replaceWith(entry(one));
      else story.append(entry(one));
    });
    if (!data.entries.length) top.append(h("p", { className: "empty" }, "Nothing is kept of this call: its pivot action does not say “debug”."));
    return Boolean(data.live);
  });
}

const place = location.pathname.match(/^\/debug\/calls\/([^/]+)$/);
if (place) callPage(decodeURIComponent(place[1]));
else listPage();
