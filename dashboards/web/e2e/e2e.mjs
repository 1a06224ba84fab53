// Clicks through the pages as a person does: node e2e.mjs ADDRESS FOLDER. The server is the one of e2e_test.go, whose
// community has a flare of pricing/plan in its last week. Pictures of every page are left in FOLDER.
import { chromium } from "playwright-core";
import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";

const [base, folder] = process.argv.slice(2);
const week = "community=default&week=2026-W46";
const pages = {
  overview: `/?${week}`, topics: `/topics?${week}`, topic: `/topic?${week}&topic=pricing%2Fplan`, posts: `/posts?community=default&from=2026-11-09&to=2026-11-15&topic=pricing%2Fplan`,
  questions: `/questions?${week}`, attention: `/attention?${week}`, alerts: `/alerts?${week}`, activity: `/activity?${week}`, quality: `/quality?${week}`,
  actions: `/actions?${week}`, noactions: "/actions?community=other", roles: `/roles?${week}`,
  empty: "/?community=default&week=2026-W20", missing: "/nothing",
};

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
const complaints = [];
await mkdir(folder, { recursive: true });

async function open(width, height, options = {}) {
  const context = await browser.newContext({ viewport: { width, height }, locale: "ja-JP", timezoneId: "Asia/Tokyo", reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  page.on("console", (m) => {
    // The answer to a wrong address is an error on purpose.
    if (m.type() === "error" && !m.text().includes("404")) complaints.push(`${page.url()}: ${m.text()}`);
  });
  page.on("pageerror", (e) => complaints.push(`${page.url()}: ${e.message}`));
  page.on("request", (r) => {
    if (!r.url().startsWith(base) && !r.url().startsWith("data:")) complaints.push(`${page.url()} asks for ${r.url()}`);
  });
  return page;
}

// What a screen reader or a keyboard stumbles over, by the rules of WCAG 2.1 AA and axe's best practices.
const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
async function stumbles(page) {
  // The pages allow scripts of their own origin only; axe is put in by the debugger, which no policy keeps out.
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(await readFile(axe, "utf8"));
  const { violations } = await page.evaluate(() => globalThis.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] }));
  return violations.map((v) => `${v.impact} ${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 120)).join(" | ")}`);
}

const drawn = (page) => page.waitForFunction(() => document.querySelectorAll("figure[data-chart]:not(.drawn)").length === 0);
const count = async (page) => Number(await page.locator("#count").getAttribute("data-count"));

async function step(name, f) {
  const began = Date.now();
  try {
    await f();
    console.log(`ok   ${name} (${Date.now() - began} ms)`);
  } catch (e) {
    console.log(`FAIL ${name}: ${e.message}`);
    process.exitCode = 1;
  }
}

for (const [width, height] of [[1280, 900], [390, 844], [360, 740]]) {
  const page = await open(width, height);
  for (const [name, address] of Object.entries(pages)) {
    await step(`${name} at ${width}`, async () => {
      await page.goto(base + address);
      await drawn(page);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.equal(wide, 0, `the page is ${wide} px wider than the screen`);
      const small = await page.evaluate(() => [...document.querySelectorAll("main a, main button, .side a")].filter((a) => a.offsetParent && a.getClientRects()[0].height < 14).map((a) => a.textContent));
      assert.deepEqual(small, [], "links too small to hit");
      if (width !== 360) assert.deepEqual(await stumbles(page), []);
      if (width !== 360) await page.screenshot({ path: path.join(folder, `${name}-${width}.png`), fullPage: true });
    });
  }
  await page.context().close();
}

const page = await open(1280, 900);

await step("a number opens exactly its posts", async () => {
  await page.goto(base + pages.overview);
  const link = page.locator("article.change a.n").first();
  const want = Number(await link.getAttribute("data-count"));
  await link.click();
  await page.waitForURL("**/posts?**");
  assert.equal(await count(page), want);
  assert.ok(want > 30);
  await page.locator('a[rel="next"]').click();
  await page.waitForURL("**offset=30**");
  assert.equal(await page.locator("article.post").count(), want - 30);
});

await step("a bar opens its posts", async () => {
  await page.goto(base + pages.overview);
  await drawn(page);
  const figure = page.locator("figure.chart").first();
  const data = JSON.parse(await figure.getAttribute("data-chart"));
  await figure.scrollIntoViewIfNeeded();
  const box = await figure.locator("canvas").boundingBox();
  // The last bar begins at the bottom with the positive posts.
  await page.mouse.click(box.x + box.width * 0.935, box.y + box.height - 40);
  await page.waitForURL("**/posts?**");
  assert.equal(await count(page), data.series[0].values.at(-1));
  assert.match(page.url(), /sentiment=positive/);
});

await step("evidence explains itself and closes again", async () => {
  await page.goto(base + pages.topic);
  const mark = page.locator("a.ev").first();
  await mark.click();
  await page.locator("#bubble").waitFor({ state: "visible" });
  assert.match(await page.locator("#bubble").innerText(), /(話題|意図|意見).*\n*.*規則/s);
  assert.equal(await mark.getAttribute("aria-describedby"), "bubble");
  await page.keyboard.press("Escape");
  assert.ok(await page.locator("#bubble").isHidden());
  await mark.focus();
  await page.keyboard.press("Enter");
  await page.locator("#bubble").waitFor({ state: "visible" });
  await mark.click(); // the second one leads to the post
  await page.waitForURL("**/post?**");
  await page.screenshot({ path: path.join(folder, "post-1280.png"), fullPage: true });
});

await step("filters go into the address and out of it", async () => {
  await page.goto(base + pages.posts);
  const before = await count(page);
  await page.locator("summary", { hasText: "条件を変える" }).click();
  await page.selectOption("select[name=sentiment]", "negative");
  await page.getByRole("button", { name: "絞り込む" }).click();
  await page.waitForURL("**sentiment=negative**");
  assert.ok(!page.url().includes("channel="), "empty conditions stand in the address");
  const fewer = await count(page);
  assert.ok(fewer > 0 && fewer <= before, `${fewer} of ${before}`);
  await page.getByRole("link", { name: "条件「投稿の感情: 否定」を外す" }).click();
  await page.waitForFunction(() => !location.search.includes("sentiment="));
  assert.equal(await count(page), before);
});

await step("week and community change at once", async () => {
  await page.goto(base + pages.topic);
  await page.getByRole("link", { name: "前の週" }).click();
  await page.waitForURL("**week=2026-W45**");
  assert.match(page.url(), /topic=pricing%2Fplan/);
  await page.selectOption("#week", "2026-W44");
  await page.waitForURL("**week=2026-W44**");
  assert.match(page.url(), /topic=pricing%2Fplan/);
  await page.goto(base + pages.overview);
  await page.selectOption("#community", "other");
  await page.waitForURL("**community=other**");
  assert.match(await page.locator("h1").innerText(), /^other/);
});

await step("the keyboard reaches the content first", async () => {
  await page.goto(base + pages.overview);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "本文へ移動");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
});

await step("contrast of text is at least 4.5", async () => {
  for (const address of [pages.overview, pages.topic, pages.quality]) {
    await page.goto(base + address);
    const bad = await page.evaluate(() => {
      const parse = (c) => (c.match(/[\d.]+/g) ?? []).map(Number);
      const lum = ([r, g, b]) => [r, g, b].map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((s, v, i) => s + v * [0.2126, 0.7152, 0.0722][i], 0);
      const ground = (n) => {
        for (; n; n = n.parentElement) {
          const c = parse(getComputedStyle(n).backgroundColor);
          if (c.length === 3 || c[3] === 1) return c;
        }
        return [255, 255, 255];
      };
      const list = new Set();
      for (const n of document.querySelectorAll("body *")) {
        if (!n.offsetParent || ![...n.childNodes].some((c) => c.nodeType === 3 && c.data.trim()) || n.closest("[aria-disabled],option")) continue;
        const a = lum(parse(getComputedStyle(n).color)), b = lum(ground(n));
        const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (ratio < 4.5) list.add(`${n.className || n.tagName} ${ratio.toFixed(2)}: ${n.textContent.trim().slice(0, 20)}`);
      }
      return [...list];
    });
    assert.deepEqual(bad, []);
  }
});

await step("without scripts the numbers are there", async () => {
  const plain = await open(1280, 900, { javaScriptEnabled: false });
  await plain.goto(base + pages.overview);
  await plain.locator("figure.chart summary").first().click();
  assert.ok(await plain.locator("figure.chart table").first().isVisible());
  await plain.locator("a.ev").first().click();
  await plain.waitForURL("**/post?**#e*");
  await plain.context().close();
});

await browser.close();
if (complaints.length) {
  console.log("complaints of the browser:\n" + [...new Set(complaints)].join("\n"));
  process.exitCode = 1;
}
