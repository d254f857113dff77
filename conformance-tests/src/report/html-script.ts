/**
 * The matrix page's program: the filter, a rule's cases on demand, and the details of a cell. It is
 * plain JavaScript in the page, because the page must work from a file, without any request.
 */
export const htmlScript: string = String.raw`
const { glyphs, columns, rules } = JSON.parse(document.getElementById("data").textContent);
const table = document.querySelector("tbody");
const search = document.getElementById("search");
const onlyOpen = document.getElementById("open");
const dialog = document.querySelector("dialog");
const element = (name, properties, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};
const textOf = (rule) => (rule.rule + " " + rule.area + " " + rule.cases.map((c) => c.id + " " + c.title).join(" ")).toLowerCase();
const texts = rules.map(textOf);
const ruleRows = [...table.querySelectorAll("tr.rule")];
const indexOf = (row) => Number(row.dataset.rule);

function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const areas = new Set();
  let shown = 0;
  for (const row of ruleRows) {
    const index = indexOf(row);
    const matches = words.every((word) => texts[index].includes(word));
    row.hidden = !matches || (onlyOpen.checked && row.dataset.open !== "1");
    if (!row.hidden) { areas.add(rules[index].area); shown += 1; }
    for (const below of casesOf(row)) below.hidden = row.hidden;
  }
  for (const row of table.querySelectorAll("tr.area")) row.hidden = !areas.has(row.dataset.area);
  document.getElementById("shown").textContent = shown + " of " + ruleRows.length + " rows";
}

function casesOf(row) {
  const found = [];
  for (let next = row.nextElementSibling; next?.className === "case"; next = next.nextElementSibling) found.push(next);
  return found;
}

function toggle(row) {
  const button = row.querySelector("th button");
  const open = button.getAttribute("aria-expanded") === "true";
  button.setAttribute("aria-expanded", String(!open));
  if (open) { casesOf(row).forEach((below) => below.remove()); return; }
  const rule = rules[indexOf(row)];
  row.after(...rule.cases.map((one, at) => {
    const made = element("tr", { className: "case" }, element("th", { scope: "row" }, one.id + " " + one.title));
    one.results.forEach((result, column) => {
      const button = element("button", { type: "button", title: result.status }, glyphs[result.status]);
      const cell = element("td", { className: result.status + (columns[column].first ? " first" : "") }, button);
      button.dataset.column = column;
      button.dataset.case = at;
      button.dataset.of = indexOf(row);
      made.append(cell);
    });
    return made;
  }));
}

function show(rule, column, onlyCase) {
  const { backend, runtime } = columns[column];
  const passed = (one) => one.results[column].status === "pass";
  const chosen = onlyCase === undefined ? rule.cases : [rule.cases[onlyCase]];
  const cases = [...chosen.filter((one) => !passed(one)), ...chosen.filter(passed)];
  dialog.replaceChildren(
    element("button", { type: "button", className: "close", onclick: () => dialog.close() }, "Close"),
    element("h2", {}, rule.rule + ", " + rule.area + ": " + backend + " on " + runtime),
    ...cases.map((one) => {
      const result = one.results[column];
      const about = element("small", {}, " " + one.level + ", clock: " + one.clock + ", " + result.ms + " ms");
      const chip = element("span", { className: "chip " + result.status }, glyphs[result.status] + " " + result.status);
      const line = element("div", {}, chip, " ", element("b", {}, one.id), " " + one.title, about);
      return element("article", {}, line, ...(result.message ? [element("pre", {}, result.message)] : []));
    }),
  );
  dialog.showModal();
}

table.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const row = button.closest("tr");
  if (button.parentElement.tagName === "TH") return toggle(row);
  if (row.className === "case") return show(rules[button.dataset.of], Number(button.dataset.column), Number(button.dataset.case));
  show(rules[indexOf(row)], button.parentElement.cellIndex - 1);
});
dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
search.addEventListener("input", filter);
onlyOpen.addEventListener("change", filter);
search.form.addEventListener("submit", (event) => event.preventDefault());
const wanted = decodeURIComponent(location.hash.slice(1));
if (wanted) search.value = wanted;
filter();
`;
