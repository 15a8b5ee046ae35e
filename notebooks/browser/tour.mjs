// Opens a notebook in JupyterLab, runs all of its cells, and watches the live chart move.
//
//   node tour.mjs URL CHROMIUM PICTURE
//
// The URL opens the notebook. PICTURE is where the screen is kept while the chart moves. Prints what it saw as JSON.
import { chromium } from "playwright-core";

const [url, executablePath, picture] = process.argv.slice(2);
const args = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];
const minute = 60_000;

const browser = await chromium.launch({ executablePath, args });
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 }, deviceScaleFactor: 1.5 });
  await page.goto(url, { timeout: 2 * minute });
  await page.getByText("Riffle (Go)").first().waitFor({ timeout: 2 * minute });
  await hidePanels(page);
  await page.getByRole("menuitem", { name: "Run", exact: true }).click();
  await page.getByText("Run All Cells", { exact: true }).click();
  const seen = await watch(page);
  await settled(page);
  const errors = await page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']").count();
  console.log(JSON.stringify({ ...seen, errors }));
} finally {
  await browser.close();
}

// hidePanels gives the notebook all of the window.
async function hidePanels(page) {
  const news = page.getByRole("button", { name: "No", exact: true });
  if (await news.isVisible().catch(() => false)) await news.click();
  await page.keyboard.press("Control+b");
}

// watch counts the pictures that the live chart shows for ten seconds, and keeps the screen in the middle of it.
async function watch(page) {
  const cell = page.locator(".jp-CodeCell").filter({ hasText: "Live(" }).last();
  const chart = cell.locator(".jp-RenderedSVG, .jp-RenderedImage").last();
  await chart.waitFor({ state: "attached", timeout: 3 * minute });
  const pictures = new Set();
  const began = Date.now();
  for (let kept = false; Date.now() - began < 9_000; ) {
    pictures.add(await chart.innerHTML().catch(() => ""));
    if (!kept && pictures.size > 4 && Date.now() - began > 5_000) {
      await cell.scrollIntoViewIfNeeded();
      await page.screenshot({ path: picture });
      kept = true;
    }
    await page.waitForTimeout(100);
  }
  return { pictures: pictures.size };
}

// settled waits until the kernel has nothing more to do.
async function settled(page) {
  await page.getByText("Riffle (Go) | Idle").waitFor({ timeout: 5 * minute });
}
