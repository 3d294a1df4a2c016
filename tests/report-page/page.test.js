// The report as its reader meets it: in a browser. REPORT names a report in JSON, PROGRAM the airssys-wasm that makes the page.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import chromium from "@sparticuz/chromium";
import puppeteer from "puppeteer-core";

const { REPORT, PROGRAM } = process.env;
const report = JSON.parse(readFileSync(REPORT, "utf8"));
const title = (cell) => cell.peer === undefined ? cell.case : `${cell.case}@${cell.peer}`;
let browser;

before(async () => {
  browser = await puppeteer.launch({ executablePath: await chromium.executablePath(), args: chromium.args, headless: "shell" });
});
after(() => browser?.close());

function page_of(json, name) {
  const folder = dirname(REPORT);
  const [from, to] = [join(folder, `${name}.json`), join(folder, `${name}.html`)];
  writeFileSync(from, JSON.stringify(json));
  execFileSync(PROGRAM, ["conformance", "report", from, "--as", "html", "--output", to]);
  return pathToFileURL(to).href;
}

async function open(json, name) {
  const page = await browser.newPage();
  await page.setViewport({ width: 1500, height: 1000 });
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("request", (request) => request.url().startsWith("file:") || errors.push(`it asks for ${request.url()}`));
  await page.goto(page_of(json, name));
  return { page, errors };
}

const text = (page, selector) => page.$eval(selector, (element) => element.textContent);

test("the matrix has a row an operation and a column an SDK", async () => {
  const { page, errors } = await open(report, "page-matrix");
  assert.equal((await page.$$("tbody tr:not(.interface)")).length, report.operations.length);
  assert.equal((await page.$$("thead th")).length, report.sdks.length + 1);
  assert.equal(await text(page, "#shown"), `${report.operations.length} operations, ${report.cells.length} cells`);
  assert.match(await text(page, "#summary"), new RegExp(`seed ${report.seed}`));
  await page.screenshot({ path: join(dirname(REPORT), "matrix.png") });
  assert.deepEqual(errors, []);
});

test("a click shows case, arguments, expected, got and decisions", async () => {
  const { page, errors } = await open(report, "page-click");
  const cell = report.cells.find((cell) => cell.outcome === "pass" && cell.kind === "denied" && cell.decisions?.length > 0);
  assert.ok(cell, "the report has a denied case that passed");
  await page.click(`button[data-operation="${cell.operation}"][data-sdk="${cell.sdk}"]`);
  await page.waitForSelector("#panel h2");
  assert.equal(await text(page, "#panel h2"), `${cell.operation} in ${cell.sdk}`);
  const count = report.cells.filter((other) => other.operation === cell.operation && other.sdk === cell.sdk).length;
  assert.equal((await page.$$("#panel details")).length, count);
  const place = `#panel details[data-case="${title(cell)}"]`;
  if (!(await page.$eval(place, (details) => details.open))) await page.click(`${place} summary`);
  const shown = await page.$eval(place, (details) => details.innerText);
  for (const part of ["permissions", "arguments", "expected", "got", "as expected", "decisions", cell.decisions[0]]) {
    assert.ok(shown.includes(part), `${part} is missing in:\n${shown}`);
  }
  await page.screenshot({ path: join(dirname(REPORT), "case.png") });
  await page.keyboard.press("Escape");
  await page.waitForSelector("#panel", { hidden: true });
  assert.deepEqual(errors, []);
});

test("a search narrows the matrix, and nothing found is said", async () => {
  const { page, errors } = await open(report, "page-search");
  const operation = report.operations.at(-1);
  await page.type("#search", operation);
  const rows = await page.$$eval("tbody tr:not(.interface) code", (codes) => codes.map((code) => code.textContent));
  const expected = report.operations.filter((other) => other.includes(operation)).map((other) => other.slice(other.indexOf(".") + 1));
  assert.deepEqual(rows, expected);
  await page.type("#search", " no-such-thing");
  assert.equal(await text(page, "#matrix"), "nothing fits");
  assert.deepEqual(errors, []);
});

test("what did not pass is red, comes first, and says what was got; what guests say is text", async () => {
  const red = structuredClone(report);
  const cell = red.cells.find((cell) => cell.outcome === "pass");
  const said = `expected 1, got <img src=x onerror="document.title='owned'"></script>`;
  Object.assign(cell, { outcome: "fail", detail: { place: "step 1", difference: said, log: ["last words"], repeat: "airssys-wasm conformance run …" } });
  const { page, errors } = await open(red, "page-red");
  const known = report.cells.filter((cell) => cell.outcome === "expected-failure").length;
  assert.equal(await text(page, "#verdict"), `1 cell is not as expected; ${known} known failures`);
  await page.click("#red");
  await page.type("#search", "fail");
  const button = `button.fail[data-operation="${cell.operation}"][data-sdk="${cell.sdk}"]`;
  await page.click(button);
  await page.waitForSelector("#panel details[open]");
  assert.equal(await page.$eval(button, (element) => element.getAttribute("aria-pressed")), "true");
  const shown = await page.$eval(`#panel details[open]`, (details) => details.innerText);
  for (const part of [cell.case, said, "last words", "repeat"]) assert.ok(shown.includes(part), `${part} is missing in:\n${shown}`);
  assert.notEqual(await page.title(), "owned");
  assert.deepEqual(errors, []);
});
