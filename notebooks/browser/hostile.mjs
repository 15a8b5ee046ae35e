// Opens a notebook in JupyterLab, runs all of its cells, touches what they show, and says whether anything in it ran.
//
//   node hostile.mjs URL CHROMIUM PICTURE
//
// Prints what it saw as JSON.
import { launch, runAll, settled } from "./lab.mjs";

const [url, executablePath, picture] = process.argv.slice(2);
const browser = await launch(executablePath);
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 4000 } });
  const dialogs = [];
  page.on("dialog", (d) => { dialogs.push(d.message()); d.dismiss(); });
  await runAll(page, url);
  await settled(page);
  await page.waitForTimeout(2000);
  for (const trap of await page.locator(".jp-OutputArea a, .jp-OutputArea b").all()) {
    await trap.click({ timeout: 500, noWaitAfter: true }).catch(() => {});
  }
  await page.waitForTimeout(500);
  const hacked = await page.evaluate(() => [window, ...Array.from(window.frames)].map((w) => { try { return w.hacked ?? null; } catch { return null; } }).find((x) => x !== null) ?? null);
  const outputs = await page.locator(".jp-OutputArea-output").count();
  const texts = await page.evaluate(() => Array.from(document.querySelectorAll(".jp-OutputArea-output")).map((o) => (o.textContent.match(/window\.hacked/g) ?? []).length).reduce((a, b) => a + b, 0));
  await page.screenshot({ path: picture, fullPage: true });
  console.log(JSON.stringify({ hacked: dialogs.length ? dialogs : hacked, outputs, texts }));
} finally {
  await browser.close();
}
