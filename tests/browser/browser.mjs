// A browser for the Python tests: one instruction a line in (JSON), one answer a line out.
// {"do": "click", "page": 1, "role": "link", "name": "Reviews"} -> {"answer": ...} or {"error": "..."}
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { launch } from "./chromium.mjs";

const WAIT_MS = 15_000;
const axe = await readFile(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const browser = await launch();
const pages = new Map();

const by = (page, { role, name, exact }) => page.getByRole(role, { name, exact: exact ?? false }).first();

const instructions = {
  async open(_, { page, script = true, width = 1280, cookies = [] }) {
    const context = await browser.newContext({ javaScriptEnabled: script, viewport: { width, height: 900 }, acceptDownloads: true });
    context.setDefaultTimeout(WAIT_MS);
    await context.addCookies(cookies);
    const opened = await context.newPage();
    opened.complaints = [];
    opened.on("pageerror", (error) => opened.complaints.push(String(error)));
    opened.on("console", (message) => message.type() === "error" && opened.complaints.push(message.text()));
    pages.set(page, opened);
  },
  async shut(page, { page: id }) {
    pages.delete(id);
    await page.context().close();
  },
  goto: async (page, { address }) => (await page.goto(address, { waitUntil: "load" }))?.status() ?? 0,
  address: (page) => page.url(),
  title: (page) => page.title(),
  async click(page, what) {
    await by(page, what).click();
    await page.waitForLoadState("load");
  },
  count: (page, { role, name, exact }) => page.getByRole(role, { name, exact: exact ?? false }).count(),
  fill: (page, { label, text }) => page.getByLabel(label, { exact: false }).first().fill(text),
  check: (page, { label, exact, on }) => page.getByLabel(label, { exact }).first().setChecked(on),
  choose: (page, { label, option }) => page.getByLabel(label, { exact: false }).first().selectOption(option),
  attach: (page, { label, files }) => page.getByLabel(label, { exact: false }).first().setInputFiles(files),
  press: (page, { key }) => page.keyboard.press(key),
  type: (page, { text }) => page.keyboard.type(text),
  text: (page, { selector = "main" }) => page.locator(selector).first().innerText(),
  texts: (page, { selector }) => page.locator(selector).allInnerTexts(),
  attribute: (page, { selector, attribute }) => page.locator(selector).first().getAttribute(attribute),
  wait: (page, { text }) => page.getByText(text).first().waitFor(),
  evaluate: (page, { script }) => page.evaluate(script),
  screenshot: (page, { path, whole = true }) => page.screenshot({ path, fullPage: whole }).then(() => path),
  complaints: (page) => page.complaints,
  forget: (page) => void (page.complaints.length = 0),
  // What has the focus, as a screen reader would name it.
  focus: (page) =>
    page.evaluate(() => {
      const element = document.activeElement;
      const named = element.getAttribute("aria-label") ?? element.labels?.[0]?.innerText ?? element.innerText ?? "";
      return { tag: element.tagName.toLowerCase(), class: element.className, name: named.trim() };
    }),
  async download(page, { role = "link", name }) {
    const [download] = await Promise.all([page.waitForEvent("download"), by(page, { role, name }).click()]);
    return { name: download.suggestedFilename(), path: await download.path() };
  },
  // Every rule that a page breaks, with the first element that breaks it.
  async faults(page, { tags }) {
    await page.evaluate(axe); // past the content policy, which lets no script in that the page does not name
    const { violations } = await page.evaluate((run) => globalThis.axe.run(document, { runOnly: run }), tags);
    return violations.map((rule) => `${rule.id}: ${rule.help}: ${rule.nodes[0].html.slice(0, 300)}`);
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const instruction = JSON.parse(line);
  try {
    const answer = await instructions[instruction.do](pages.get(instruction.page), instruction);
    console.log(JSON.stringify({ answer: answer ?? null }));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error) }));
  }
}
await browser.close();
