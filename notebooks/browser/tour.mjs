// Opens a notebook in JupyterLab, runs all of its cells, and watches the live chart move.
//
//   node tour.mjs URL CHROMIUM PICTURE
//
// The URL opens the notebook. PICTURE is where the screen is kept while the chart moves. Prints what it saw as JSON.
import { launch, minute, runAll, settled } from "./lab.mjs";

const [url, executablePath, picture] = process.argv.slice(2);

const browser = await launch(executablePath);
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 }, deviceScaleFactor: 1.5 });
  await runAll(page, url);
  const seen = await watch(page);
  await settled(page);
  const errors = await page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']").count();
  console.log(JSON.stringify({ ...seen, errors }));
} finally {
  await browser.close();
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
