// Opens the dashboard as a person does: node open.mjs ADDRESS FOLDER PASSWORD SLUG PERIOD CHARTS TITLES. Every chart must
// ask for its data, get rows, and draw without an error. A picture is left in FOLDER.
import { chromium } from "playwright-core";
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import path from "node:path";

const [base, folder, password, slug, period, charts, titles] = process.argv.slice(2);
await mkdir(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
try {
  const context = await browser.newContext({ viewport: { width: 1500, height: 1000 }, locale: "ja-JP", timezoneId: "Asia/Tokyo" });
  const page = await context.newPage();
  page.setDefaultTimeout(90_000);
  const answers = new Map();
  const outside = [];
  // Nothing but Superset is asked: its telemetry is off, and whatever tries is stopped here.
  await page.route((u) => u.origin !== base && !/^(data|blob):$/.test(u.protocol), (route) => {
    outside.push(route.request().url());
    return route.abort();
  });
  page.on("response", async (r) => {
    if (!r.url().includes("/api/v1/chart/data") || r.request().method() !== "POST") return;
    const asked = JSON.parse(r.request().postData() ?? "{}");
    const chart = asked.form_data?.slice_id;
    if (!chart) return; // the filters ask for their choices
    const body = await r.json().catch(() => ({}));
    answers.set(chart, { status: r.status(), rows: body.result?.[0]?.data?.length ?? 0, period: asked.queries?.[0]?.time_range, message: body.errors?.[0]?.message ?? body.message });
  });
  await page.goto(`${base}/login/`);
  await page.locator("input[name=username], #username").first().fill("admin");
  await page.locator("input[name=password], #password").first().fill(password);
  await page.keyboard.press("Enter");
  await page.waitForURL((u) => !u.pathname.includes("/login"));
  const filter = "NATIVE_FILTER-period";
  const chosen = `(${filter}:(id:${filter},extraFormData:(time_range:'${period}'),filterState:(value:'${period}'),ownState:()))`;
  await page.goto(`${base}/superset/dashboard/${slug}/?native_filters=${encodeURIComponent(chosen)}`);
  // Charts ask when they come into view.
  const deadline = Date.now() + 180_000;
  while (answers.size < Number(charts) && Date.now() < deadline) {
    await page.mouse.move(900, 600);
    await page.mouse.wheel(0, 500);
    await page.waitForTimeout(700);
    if (await page.evaluate(() => { const e = document.scrollingElement; return e.scrollTop + e.clientHeight >= e.scrollHeight - 5; })) await page.evaluate(() => window.scrollTo(0, 0));
  }
  await page.waitForFunction(() => document.querySelectorAll("[data-test=loading-indicator], .loading").length === 0).catch(() => {});
  await page.waitForTimeout(1500);
  for (const [chart, a] of answers) console.log(`chart ${chart}: ${a.status}, ${a.rows} rows, ${a.period} ${a.message ?? ""}`);
  await page.evaluate(() => window.scrollTo(0, 0));
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width: 1500, height: Math.min(6000, Math.max(1000, height)) });
  await page.waitForTimeout(6000);
  await page.screenshot({ path: path.join(folder, "superset.png"), fullPage: true });
  assert.equal(answers.size, Number(charts), "every chart asks for its data");
  for (const [chart, a] of answers) {
    assert.equal(a.status, 200, `chart ${chart}: ${a.message}`);
    assert.ok(a.rows > 0, `chart ${chart} has no rows`);
  }
  const text = await page.locator("body").innerText();
  for (const title of JSON.parse(titles)) assert.ok(text.includes(title), `${title} is not on the page`);
  assert.equal(await page.locator("[data-test=chart-error], .ant-alert-error").count(), 0, "a chart shows an error");
  assert.deepEqual(outside, [], "it asks other hosts");
  console.log("1 passed, 0 failed");
} finally {
  await browser.close();
}
