// Drives an HTML report in headless Chromium: language switch, filter, step-through, keyboard, dark, print, narrow.
//
//     npm install --no-save puppeteer-core axe-core      (anywhere; NODE_PATH or the working folder finds them)
//     node scripts/page.mjs REPORT.html [FOLDER FOR SCREENSHOTS]
//
// Fails when anything does not do what it should, on any console error, on any request that leaves the page, and when
// axe-core finds something serious. CHROMIUM names the browser, else it is looked for.
import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(path.join(process.cwd(), "x.js"));
const puppeteer = require("puppeteer-core");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const [report, folder] = process.argv.slice(2);
const browsers = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const executablePath = browsers.find((path) => path && fs.existsSync(path));
assert(executablePath, "no Chromium: set CHROMIUM");
const address = pathToFileURL(path.resolve(report)).href;

const browser = await puppeteer.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage();
const troubles = [];
page.on("console", (message) => ["error", "warn"].includes(message.type()) && troubles.push(message.text()));
page.on("pageerror", (error) => troubles.push(String(error)));
page.on("request", (request) => request.url() !== address && troubles.push("request: " + request.url()));
const text = (selector) => page.$eval(selector, (element) => element.textContent);
const all = (selector) => page.$$eval(selector, (elements) => elements.length);
const picture = async (name) => folder && page.screenshot({ path: path.join(folder, name + ".png") });
const settle = () => new Promise((done) => setTimeout(done, 250));

await page.setViewport({ width: 1360, height: 900 });
const began = Date.now();
await page.goto(address);
const opened = Date.now() - began;
await page.waitForFunction(() => document.querySelectorAll("section.capture:not([data-ready])").length === 0, { timeout: 60000 });
console.log(`opened after ${opened} ms, every packet read after ${Date.now() - began} ms`);
await picture("light");

// Both languages, everywhere.
for (const [code, other] of [["id", "en"], ["en", "id"]]) {
    await page.click(`button[data-lang=${code}]`);
    assert.equal(await page.$eval("html", (root) => root.lang), code);
    assert.equal(await page.$$eval(`main .${other}`, (all) => all.filter((one) => one.getClientRects().length).length), 0);
    assert(await page.$$eval(`main .${code}`, (all) => all.some((one) => one.getClientRects().length)));
}

const ladder = (await all("section.capture .ladder")) > 0;
if (ladder) {
    // The exchange, packet by packet.
    const arrows = await page.$$eval(".ladder svg", (svgs) => svgs[0].querySelectorAll(".l-arrow").length);
    await page.click("[data-step=first]");
    assert.match(await text(".steps .count"), /^1 \//);
    assert((await all(".curtain")) > 0 || arrows === 1);
    await page.focus(".ladder");
    await page.keyboard.press("ArrowDown");
    assert.match(await text(".steps .count"), new RegExp(`^${Math.min(2, arrows)} /`));
    assert((await text(".details h3")).startsWith("#"));
    assert(/^0000 {2}[0-9a-f]{2} /.test(await text(".details pre")));
    await picture("steps");
    await page.click("[data-step=last]");
    assert.equal(await all(".curtain"), 0);
    await page.click("[data-step=play]");
    await settle();
    await page.click("[data-step=play]");
    await page.click("[data-step=last]");
}
if (await all(".all .list")) {
    const total = await page.$eval("section.capture", (section) => +section.dataset.packets);
    const shown = async () => Number((await text(".all .count")).split(" ")[0].replace(/\D/g, ""));
    assert.equal(await shown(), total);
    assert((await all(".all .row")) < 200, "only rows in sight exist");
    await page.focus(".all .list");
    await page.keyboard.press("Home");
    const first = await text(".all .details h3");
    await page.keyboard.press("End");
    assert(total === 1 || first !== (await text(".all .details h3")));
    assert.equal(await all(".all .row[aria-selected=true]"), 1);
    await picture("list");
    await page.type(".all input", "syn");
    await settle();
    assert((await shown()) < total || total < 3);
    await page.$eval(".all input", (input) => { input.value = ""; input.dispatchEvent(new Event("input")); });
    await settle();
    assert.equal(await shown(), total);
    // From the top to the bottom: no step may take long.
    const slowest = await page.evaluate(async () => {
        const box = document.querySelector(".all .list");
        let worst = 0;
        for (let n = 0; n <= 40; n++) {
            const begin = performance.now();
            box.scrollTop = (box.scrollHeight * n) / 40;
            await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
            worst = Math.max(worst, performance.now() - begin);
        }
        return worst;
    });
    console.log(`${total} packets; the slowest step of scrolling took ${slowest.toFixed(0)} ms`);
}
if (await all(".connections .head button")) {
    await page.click(".connections .head button:nth-child(5)");
    await page.click(".connections .head button:nth-child(5)");
    const counts = await page.$$eval(".connections .row span:nth-child(5)", (cells) => cells.map((cell) => +cell.textContent.replace(/\D/g, "")));
    assert.deepEqual(counts, [...counts].sort((a, b) => b - a));
    await page.click(".connections .row");
    await settle();
    await picture("connections");
    await page.$eval(".all input", (input) => { input.value = ""; input.dispatchEvent(new Event("input")); });
}

for (const theme of ["light", "dark"]) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
    await page.evaluate(() => scrollTo(0, 0));
    await picture(theme === "dark" ? "dark" : "light");
    await page.evaluate(axe);
    const found = await page.evaluate(() => axe.run({ resultTypes: ["violations"] }));
    const serious = found.violations.filter((one) => ["serious", "critical"].includes(one.impact));
    for (const one of serious) troubles.push(`axe, ${theme}: ${one.id}: ${one.nodes[0].html.slice(0, 200)} ${one.nodes[0].failureSummary}`);
}
await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }]);
await page.setViewport({ width: 390, height: 800 });
await settle();
assert(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "a narrow page does not scroll sideways");
await picture("narrow");
if (folder) await page.pdf({ path: path.join(folder, "print.pdf"), format: "A4" });

// Without a script.
const plain = await browser.newPage();
await plain.setJavaScriptEnabled(false);
await plain.goto(address);
assert(!ladder || (await plain.$$eval(".ladder svg", (svgs) => svgs.length)) > 0);
await browser.close();
for (const trouble of troubles) console.error(trouble);
assert.equal(troubles.length, 0);
console.log("the page does what it should");
