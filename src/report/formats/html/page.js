// The page's script: language, theme, the list of all packets, what there is to say about one, the step-through.
// It only turns the data of the page into words; nothing here decides anything about packets.
(function () {
  "use strict";
  var root = document.documentElement;
  var $ = function (selector, of) { return Array.prototype.slice.call((of || document).querySelectorAll(selector)); };
  var T = JSON.parse(document.getElementById("tables").textContent);
  var ROW = 26;
  // With the verdict below.
  var TALL = 46;
  root.classList.add("js");

  function lang() { return root.lang === "id" ? 1 : 0; }
  function pick(both) { return Array.isArray(both) ? both[lang()] : both; }
  function element(tag, text, className) {
    var made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  }
  function decimal(text) { return lang() ? text.replace(".", ",") : text; }
  function grouped(n) { return String(n).replace(/\B(?=(\d{3})+$)/g, lang() ? "." : ","); }
  function millis(ns) { return ns === null ? "?" : decimal((ns / 1e6).toFixed(3)); }
  function duration(ns) {
    if (ns === null) return "?";
    var size = Math.abs(ns);
    if (size < 1e3) return ns + " ns";
    if (size < 1e6) return decimal((ns / 1e3).toFixed(1)) + " µs";
    if (size < 1e9) return decimal((ns / 1e6).toFixed(1)) + " ms";
    return decimal((ns / 1e9).toFixed(2)) + (lang() ? " detik" : " s");
  }
  // The text of a rule with its values in the places of {name}; {Name} begins with a capital.
  function fill(rule, values) {
    return pick(rule.note).replace(/\{(\w+)\}/g, function (whole, name) {
      var value = values[rule.keys.indexOf(name.toLowerCase())];
      if (value === null || value === undefined) return whole;
      var text = typeof value === "number" ? T.sides[value][lang()] : pick(value);
      return name[0] >= "A" && name[0] <= "Z" ? text[0].toUpperCase() + text.slice(1) : text;
    });
  }
  function conn(number) { return number < 0 ? "" : (number % 2 ? "udp:" : "tcp:") + (number >> 1); }
  function flags(packet) {
    if (packet[5] === -1) return "UDP";
    if (packet[5] < 0) return "";
    return T.flags.filter(function (flag) { return packet[5] & flag[0]; }).map(function (flag) { return flag[1]; }).join(",") || "–";
  }
  function extra(packet) { return packet[13] || {}; }
  function bytes(base64) {
    var text = atob(base64), out = [];
    for (var i = 0; i < text.length; i++) out.push(text.charCodeAt(i));
    return out;
  }
  function dump(data) {
    var lines = [];
    for (var at = 0; at < data.length; at += 16) {
      var line = data.slice(at, at + 16);
      var hex = line.map(function (byte) { return (byte < 16 ? "0" : "") + byte.toString(16); });
      var text = line.map(function (byte) { return byte > 31 && byte < 127 ? String.fromCharCode(byte) : "."; }).join("");
      var left = hex.slice(0, 8).join(" "), right = hex.slice(8).join(" ");
      lines.push(("000" + at.toString(16)).slice(-4) + "  " + (left + "  " + right).padEnd(48) + "  " + text);
    }
    return lines.join("\n");
  }
  function pair(list, name, value) {
    if (value === "" || value === null || value === undefined) return;
    list.append(element("dt", name), element("dd", String(value)));
  }

  function Capture(section) {
    var self = this;
    this.section = section;
    this.index = section.dataset.capture;
    this.total = +section.dataset.packets;
    this.packets = [];
    this.byFrame = new Map();
    this.chosen = null;
    this.connections = [];
    $("script.connections[data-capture='" + this.index + "']").forEach(function (script) {
      self.connections = JSON.parse(script.textContent);
    });
    this.ends = new Map(this.connections.map(function (row) { return [row[0], row]; }));
    this.chunks = $("script.packets[data-capture='" + this.index + "']");
    this.details = $(".details", section);
    this.setUpPackets();
    this.setUpConnections();
    this.setUpLadder();
    this.read();
  }
  // The data is read one part after the other, so that the page answers in between.
  Capture.prototype.read = function () {
    var self = this;
    var until = performance.now() + 25;
    while (this.chunks.length && performance.now() < until) {
      var script = this.chunks.shift();
      JSON.parse(script.textContent).forEach(function (packet) {
        self.byFrame.set(packet[0], packet);
        self.packets.push(packet);
      });
      script.remove();
    }
    if (this.list) this.list.refresh();
    if (this.chunks.length) setTimeout(function () { self.read(); }, 0);
    else this.section.dataset.ready = "";
  };
  Capture.prototype.end = function (packet, sender) {
    var row = this.ends.get(packet[2]), more = extra(packet);
    if (sender ? more.s : more.d) return sender ? more.s : more.d;
    if (!row || packet[3] > 1) return "";
    return row[(packet[3] === 0) === sender ? 1 : 2];
  };
  Capture.prototype.words = function (packet) {
    var note = packet[10][0];
    if (extra(packet).a) return extra(packet).a;
    if (packet[5] < 0 && extra(packet).i && !note) return extra(packet).i;
    return note ? pick(T.rules[note[0]].title) : extra(packet).i || "";
  };
  Capture.prototype.search = function (packet) {
    var names = packet[10].map(function (note) { return T.rules[note[0]].name; }).join(" ");
    return [packet[0], conn(packet[2]), flags(packet), this.end(packet, true), this.end(packet, false), names, this.words(packet), extra(packet).i || ""]
      .join(" ").toLowerCase();
  };
  Capture.prototype.row = function (packet) {
    var made = element("div", undefined, "row");
    var way = packet[3] === 0 ? "C → S" : packet[3] === 1 ? "C ← S" : "";
    [packet[0], millis(packet[1]), conn(packet[2]), way, flags(packet), packet[6] === null ? "" : "seq=" + packet[6],
      packet[7] === null ? "" : "ack=" + packet[7], packet[4] === null ? "" : "len=" + packet[4], this.words(packet)]
      .forEach(function (text, at) { made.append(element("span", String(text), at === 3 ? "c" + packet[3] : "")); });
    return made;
  };
  Capture.prototype.setUpPackets = function () {
    var self = this, all = $(".all", this.section)[0];
    if (!all) return;
    all.hidden = false;
    var timelines = $("details.timelines", this.section)[0];
    if (timelines) timelines.open = false;
    this.list = new List($(".list", all)[0], $(".finder", all)[0], {
      items: function () { return self.packets; },
      row: function (packet) { return self.row(packet); },
      search: function (packet) { return self.search(packet); },
      choose: function (packet) { self.choose(packet[0], "list"); },
      name: "p" + this.index,
    });
  };
  Capture.prototype.setUpConnections = function () {
    var self = this, finder = $("[data-find=connections]", this.section)[0];
    if (!finder) return;
    var still = $(".static-connections", this.section)[0];
    finder.hidden = false;
    var titles = $("thead tr", still).slice(0, 2).map(function (row) { return $("th", row).map(function (th) { return th.textContent; }); });
    var keys = [0, 1, 2, 3, function (row) { return row[4][0] + row[4][1]; }, function (row) { return row[5][0] + row[5][1]; },
      function (row) { return pick(row[6]); }, function (row) { return row[7][0]; }];
    var head = element("div", undefined, "head");
    var box = element("div", undefined, "list");
    box.tabIndex = 0;
    box.setAttribute("role", "listbox");
    box.dataset.ariaLabelEn = T.words.connections[0];
    box.dataset.ariaLabelId = T.words.connections[1];
    box.setAttribute("aria-label", T.words.connections[lang()]);
    this.connectionTitles = titles;
    titles[0].forEach(function (title, at) {
      var button = element("button", title);
      button.type = "button";
      button.onclick = function () {
        var down = self.connectionList.sort(keys[at]);
        $("button", head).forEach(function (other) { other.removeAttribute("aria-pressed"); });
        button.setAttribute("aria-pressed", "true");
        button.dataset.way = down ? "↓" : "↑";
        self.relabel();
      };
      head.append(button);
    });
    var place = element("div", undefined, "scroll connections");
    place.append(head, box);
    still.after(place);
    still.classList.add("printed");
    this.connectionHead = head;
    this.connectionList = new List(box, finder, {
      items: function () { return self.connections; },
      row: function (row) { return self.connection(row); },
      search: function (row) { return [conn(row[0]), row[1], row[2], pick(row[6]), self.verdict(row)].join(" ").toLowerCase(); },
      choose: function (row) { self.only(row); },
      name: "c" + this.index,
      height: TALL,
    });
    box.style.height = Math.min(10, this.connections.length) * TALL + 20 + "px";
    this.relabel();
  };
  Capture.prototype.verdict = function (row) {
    var rule = T.verdicts[row[7][0]];
    return rule ? fill(rule, row[7].slice(2)) + " [" + rule.name + "]" : "";
  };
  Capture.prototype.connection = function (row) {
    var made = element("div", undefined, "row connection");
    [conn(row[0]), row[1], row[2], duration(row[3]), grouped(row[4][0] + row[4][1]), grouped(row[5][0]) + " / " + grouped(row[5][1]),
      pick(row[6]), this.verdict(row)].forEach(function (text) { made.append(element("span", text)); });
    made.title = this.verdict(row);
    return made;
  };
  // A connection chosen: its packets in the list.
  Capture.prototype.only = function (row) {
    if (!this.list) return;
    this.list.input.value = conn(row[0]);
    this.list.filter();
  };
  Capture.prototype.relabel = function () {
    var titles = this.connectionTitles && (this.connectionTitles[lang()] || this.connectionTitles[0]);
    if (titles) $("button", this.connectionHead).forEach(function (button, at) {
      button.textContent = titles[at] + (button.hasAttribute("aria-pressed") ? " " + button.dataset.way : "");
    });
  };
  Capture.prototype.choose = function (frame, from) {
    this.chosen = frame;
    $(".l-arrow.chosen", this.section).forEach(function (arrow) { arrow.classList.remove("chosen"); });
    $(".l-arrow[data-frame='" + frame + "']", this.section).forEach(function (arrow) { arrow.classList.add("chosen"); });
    if (from !== "list" && this.list) this.list.show(frame);
    var at = this.frames ? this.frames.indexOf(frame) : -1;
    if (at >= 0 && from !== "step") this.at = at;
    this.explain();
  };
  Capture.prototype.explain = function () {
    var packet = this.byFrame.get(this.chosen), self = this;
    if (!packet) return;
    this.details.forEach(function (aside) {
      aside.hidden = false;
      aside.replaceChildren();
      aside.append(element("h3", "#" + packet[0] + " " + (flags(packet) || extra(packet).i || "")));
      var list = element("dl");
      pair(list, T.words.time[lang()], millis(packet[1]) + " ms");
      pair(list, conn(packet[2]) || "→", [self.end(packet, true), self.end(packet, false)].join(" → "));
      pair(list, "seq", packet[6]);
      pair(list, "ack", packet[7]);
      pair(list, "len", packet[4]);
      pair(list, T.words.window[lang()], packet[8]);
      if (packet[5] >= 0) {
        var state = function (at) { return T.states[at] || "?"; };
        pair(list, T.words.states[lang()], "client " + state(packet[9] >> 4) + ", server " + state(packet[9] & 15));
      }
      var way = extra(packet).w;
      if (way !== undefined) pair(list, "⇢", way === -1 ? T.words.lost[lang()] : "+" + duration(way));
      pair(list, "app", extra(packet).a);
      aside.append(list);
      packet[10].forEach(function (note) {
        var rule = T.rules[note[0]], text = element("p", fill(rule, note.slice(2)) + (note[1] ? " (" + T.certainty[note[1]][lang()] + ") " : " "));
        text.append(element("code", rule.name, "rule"));
        aside.append(text);
        var more = element("details");
        more.append(element("summary", T.words.more[lang()]), element("p", pick(rule.more)), element("p", rule.sources.join(", "), "faint"));
        aside.append(more);
      });
      var data = bytes(packet[11]);
      var of = T.words.bytesOf[lang()].replace("{shown}", data.length).replace("{total}", grouped(packet[12]));
      aside.append(element("p", T.words.bytes[lang()] + " (" + of + ")", "faint"));
      var pre = element("pre", dump(data));
      pre.tabIndex = 0;
      aside.append(pre);
    });
  };
  Capture.prototype.setUpLadder = function () {
    var self = this, ladder = $(".ladder", this.section)[0];
    if (!ladder) return;
    var svgs = $("svg", ladder);
    this.svgs = svgs;
    this.frames = $(".l-arrow", svgs[0]).map(function (arrow) { return +arrow.dataset.frame; });
    this.at = this.frames.length - 1;
    this.steps = $(".steps", this.section)[0];
    this.steps.hidden = false;
    ladder.addEventListener("click", function (event) {
      var arrow = event.target.closest(".l-arrow");
      if (arrow) self.choose(+arrow.dataset.frame, "ladder");
    });
    $(".flags", this.section).forEach(function (strip) {
      strip.addEventListener("click", function (event) {
        if (event.target.dataset.frame) self.choose(+event.target.dataset.frame, "flags");
      });
    });
    ladder.addEventListener("keydown", function (event) {
      var step = { ArrowRight: "next", ArrowDown: "next", ArrowLeft: "previous", ArrowUp: "previous", Home: "first", End: "last", " ": "play" }[event.key];
      if (!step) return;
      event.preventDefault();
      self.step(step);
    });
    $("button", this.steps).forEach(function (button) {
      button.onclick = function () { self.step(button.dataset.step); };
    });
    this.count();
  };
  Capture.prototype.step = function (what) {
    var self = this, last = this.frames.length - 1;
    if (what === "play") {
      if (this.timer) return this.pause();
      if (this.at >= last) this.at = -1;
      this.timer = setInterval(function () {
        if (self.at >= last) return self.pause();
        self.go(self.at + 1);
      }, 900);
      return this.go(this.at + 1);
    }
    this.pause();
    this.go({ first: 0, previous: Math.max(0, this.at - 1), next: Math.min(last, this.at + 1), last: last }[what]);
  };
  Capture.prototype.pause = function () {
    clearInterval(this.timer);
    this.timer = null;
  };
  // What has not happened yet is behind a curtain.
  Capture.prototype.go = function (at) {
    this.at = at;
    var frame = this.frames[at], last = at === this.frames.length - 1;
    this.svgs.forEach(function (svg) {
      $(".curtain", svg).forEach(function (old) { old.remove(); });
      var arrow = $(".l-arrow[data-frame='" + frame + "']", svg)[0];
      if (!arrow) return;
      if (!last) {
        var box = svg.viewBox.baseVal, top = +arrow.dataset.y + 19;
        var curtain = document.createElementNS("http://www.w3.org/2000/svg", "rect");
        [["x", 0], ["y", top], ["width", box.width], ["height", Math.max(0, box.height - top)], ["class", "curtain"]]
          .forEach(function (set) { curtain.setAttribute(set[0], set[1]); });
        svg.append(curtain);
      }
      if (svg.getClientRects().length) arrow.scrollIntoView({ block: "nearest" });
    });
    this.choose(frame, "step");
    this.count();
  };
  Capture.prototype.count = function () {
    $(".count", this.steps)[0].textContent = this.at + 1 + " / " + this.frames.length;
  };
  Capture.prototype.relanguage = function () {
    if (this.list) this.list.redraw();
    if (this.connectionList) this.connectionList.redraw();
    this.relabel();
    this.explain();
  };

  // A list of which only the rows in sight exist.
  function List(box, finder, of) {
    var self = this;
    this.box = box;
    this.of = of;
    this.height = of.height || ROW;
    this.input = $("input", finder)[0];
    this.count = $(".count", finder)[0];
    this.inner = element("div");
    this.inner.setAttribute("role", "presentation");
    box.append(this.inner);
    this.shown = null;
    this.at = -1;
    this.from = -1;
    this.to = -1;
    this.order = null;
    box.addEventListener("scroll", function () { self.draw(); });
    if (window.ResizeObserver) new ResizeObserver(function () { self.draw(); }).observe(box);
    box.addEventListener("click", function (event) {
      var row = event.target.closest(".row");
      if (row) self.choose(+row.dataset.at);
    });
    box.addEventListener("keydown", function (event) {
      var page = Math.max(1, Math.floor(box.clientHeight / self.height) - 1), last = self.items().length - 1;
      var to = { ArrowDown: self.at + 1, ArrowUp: self.at - 1, PageDown: self.at + page, PageUp: self.at - page, Home: 0, End: last }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      self.choose(Math.max(0, Math.min(last, to)));
    });
    var timer;
    this.input.addEventListener("input", function () {
      clearTimeout(timer);
      timer = setTimeout(function () { self.filter(); }, 120);
    });
    this.refresh();
  }
  List.prototype.items = function () { return this.shown || this.of.items(); };
  List.prototype.filter = function () {
    var words = this.input.value.toLowerCase().split(/\s+/).filter(Boolean), of = this.of;
    var all = of.items();
    var found = all;
    if (words.length) found = all.filter(function (item) {
      var text = " " + of.search(item) + " ";
      return words.every(function (word) { return /^(tcp|udp):\d+$/.test(word) ? text.indexOf(" " + word + " ") >= 0 : text.indexOf(word) >= 0; });
    });
    this.shown = words.length || this.order ? found.slice() : null;
    if (this.order) this.shown.sort(this.order);
    this.at = -1;
    this.box.scrollTop = 0;
    this.refresh();
  };
  List.prototype.sort = function (key) {
    var get = typeof key === "function" ? key : function (item) { return item[key]; };
    this.down = this.key === key ? !this.down : false;
    this.key = key;
    var sign = this.down ? -1 : 1;
    this.order = function (a, b) {
      a = get(a); b = get(b);
      return sign * (typeof a === "string" ? a.localeCompare(b, undefined, { numeric: true }) : a - b);
    };
    this.filter();
    return this.down;
  };
  List.prototype.refresh = function () {
    var items = this.items(), all = this.of.items().length;
    this.inner.style.height = items.length * this.height + "px";
    this.count.textContent = grouped(items.length) + " " + T.words.of[lang()] + " " + grouped(all) + " " + T.words.shown[lang()];
    this.redraw();
  };
  List.prototype.redraw = function () {
    this.from = -1;
    this.draw();
  };
  List.prototype.draw = function () {
    var items = this.items();
    var from = Math.max(0, Math.floor(this.box.scrollTop / this.height) - 10);
    var to = Math.min(items.length, from + Math.ceil((this.box.clientHeight || 600) / this.height) + 20);
    if (from === this.from && to === this.to) return;
    this.from = from;
    this.to = to;
    var rows = document.createDocumentFragment();
    for (var at = from; at < to; at++) {
      var row = this.of.row(items[at]);
      row.id = this.of.name + "-" + at;
      row.dataset.at = at;
      row.style.top = at * this.height + "px";
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", at === this.at ? "true" : "false");
      row.setAttribute("aria-setsize", items.length);
      row.setAttribute("aria-posinset", at + 1);
      rows.append(row);
    }
    this.inner.replaceChildren(rows);
    // Only a row that exists can be named.
    if (this.at >= from && this.at < to) this.box.setAttribute("aria-activedescendant", this.of.name + "-" + this.at);
    else this.box.removeAttribute("aria-activedescendant");
  };
  List.prototype.select = function (at) {
    this.at = at;
    var top = at * this.height, box = this.box;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + this.height > box.scrollTop + box.clientHeight) box.scrollTop = top + this.height - box.clientHeight;
    this.redraw();
  };
  List.prototype.choose = function (at) {
    var item = this.items()[at];
    if (!item) return;
    this.select(at);
    this.of.choose(item);
  };
  // The packet of a frame, when it is in the list.
  List.prototype.show = function (frame) {
    var at = this.items().findIndex(function (packet) { return packet[0] === frame; });
    if (at >= 0) this.select(at);
  };

  var captures = [];
  function speak(code) {
    root.lang = code;
    $("[data-lang]").forEach(function (button) { button.setAttribute("aria-pressed", String(button.dataset.lang === code)); });
    $("[data-aria-label-en],[data-placeholder-en]").forEach(function (made) {
      ["aria-label", "placeholder"].forEach(function (name) {
        var text = made.getAttribute("data-" + name + "-" + code);
        if (text !== null) made.setAttribute(name, text);
      });
    });
    captures.forEach(function (capture) { capture.relanguage(); });
  }
  $("[data-lang]").forEach(function (button) { button.onclick = function () { speak(button.dataset.lang); }; });
  $("[data-theme]").forEach(function (button) {
    if (button === root) return;
    button.onclick = function () {
      var dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = dark ? "light" : "dark";
    };
  });
  $("[data-print]").forEach(function (button) { button.onclick = function () { window.print(); }; });
  // What waits for the printer is opened for it.
  window.addEventListener("beforeprint", function () { $("details.timelines").forEach(function (all) { all.open = true; }); });
  speak(root.lang);
  captures = $("section.capture").map(function (section) { return new Capture(section); });
})();
