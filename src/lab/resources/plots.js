// Plots of the last two minutes, made by hand in SVG.

const NS = "http://www.w3.org/2000/svg";
const SPAN = 120;
const LEFT = 46, RIGHT = 6, TOP = 20, BOTTOM = 20;

const make = (name, attributes = {}, text) => {
  const element = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return element;
};

// The next of 1, 2, 5, 10, 20, 50 … that is not below a value.
function above(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map(step => step * power).find(step => step >= value * .999);
}

export const number = value =>
  value === null ? "–" : value >= 100 || Number.isInteger(value) ? Math.round(value).toLocaleString("en-US") : value.toFixed(1);

// A figure whose draw() is given, for each series, a list of [seconds since the epoch, value or null].
export function plot({ title, axis, unit, floor, series }) {
  const figure = document.createElement("figure");
  figure.className = "plot";
  const caption = document.createElement("figcaption");
  const heading = document.createElement("h3");
  heading.textContent = title;
  const keys = document.createElement("div");
  keys.className = "keys";
  const values = series.map(one => {
    const key = document.createElement("span");
    key.className = "key";
    const swatch = make("svg", { viewBox: "0 0 22 8", "aria-hidden": "true" });
    swatch.append(make("line", { x1: 0, x2: 22, y1: 4, y2: 4, class: "line " + one.look }));
    const text = document.createElement("span");
    text.textContent = one.name;
    key.append(swatch, text);
    keys.append(key);
    return text;
  });
  caption.append(heading, keys);
  const svg = make("svg", { role: "img" });
  const frame = make("g"), marks = make("g");
  const lines = series.map(one => make("path", { class: "line " + one.look }));
  svg.append(frame, marks, ...lines);
  figure.append(caption, svg);

  let drawn = "";
  function layout(width, height, top) {
    const now = [width, height, top].join();
    if (drawn === now) return;
    drawn = now;
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    frame.replaceChildren();
    const parts = String(top)[0] === "5" ? 5 : 4;
    for (let i = 0; i <= parts; i++) {
      const y = TOP + (height - TOP - BOTTOM) * (1 - i / parts);
      frame.append(
        make("line", { class: i ? "grid" : "axis", x1: LEFT, x2: width - RIGHT, y1: y, y2: y }),
        make("text", { x: LEFT - 6, y: y + 4, "text-anchor": "end" }, number(top * i / parts)));
    }
    for (let ago = SPAN; ago >= 0; ago -= 30) {
      const x = LEFT + (width - LEFT - RIGHT) * (1 - ago / SPAN);
      frame.append(
        make("line", { class: "axis", x1: x, x2: x, y1: height - BOTTOM, y2: height - BOTTOM + 4 }),
        make("text", { x: Math.min(x, width - RIGHT), y: height - BOTTOM + 16, "text-anchor": ago ? "middle" : "end" }, ago ? `−${ago} s` : "now"));
    }
    frame.append(make("text", { x: 0, y: 11 }, axis));
  }

  function draw(data, now, events) {
    const width = Math.max(240, Math.round(svg.clientWidth || 420));
    const height = Math.max(110, Math.round(svg.clientHeight || 160));
    const most = Math.max(floor, ...data.flatMap(points => points.map(([, value]) => value ?? 0)));
    const top = above(most);
    layout(width, height, top);
    const x = at => LEFT + (width - LEFT - RIGHT) * (1 - (now - at) / SPAN);
    const y = value => TOP + (height - TOP - BOTTOM) * (1 - value / top);
    marks.replaceChildren(...events.filter(at => now - at < SPAN && at <= now).flatMap(at => [
      make("line", { class: "event", x1: x(at), x2: x(at), y1: TOP, y2: height - BOTTOM }),
      make("path", { class: "event-mark", d: `M${x(at).toFixed(1)} ${TOP}l-4 -6h8z` })]));
    data.forEach((points, i) => {
      let path = "", pen = "M";
      for (const [at, value] of points) {
        if (value === null || now - at > SPAN) { pen = "M"; continue; }
        path += pen + x(at).toFixed(1) + " " + y(Math.min(value, top)).toFixed(1);
        pen = "L";
      }
      lines[i].setAttribute("d", path);
      const last = points.length ? points[points.length - 1][1] : null;
      values[i].textContent = `${series[i].name} ${number(last)}`;
    });
    svg.setAttribute("aria-label", `${title}, ${unit}: ` + values.map(v => v.textContent.replace(/ +/g, " ")).join(", "));
  }

  return { figure, draw };
}
