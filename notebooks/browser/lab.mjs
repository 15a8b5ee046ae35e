// What the scripts do with a notebook in JupyterLab.
import { chromium } from "playwright-core";

export const minute = 60_000;

const args = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

export const launch = (executablePath) => chromium.launch({ executablePath, args });

// runAll opens a notebook, gives it all of the window, and runs its cells.
export async function runAll(page, url) {
  await page.goto(url, { timeout: 2 * minute });
  await settled(page); // what is run before there is a kernel is not run
  const news = page.getByRole("button", { name: "No", exact: true });
  if (await news.isVisible().catch(() => false)) await news.click();
  await page.keyboard.press("Control+b");
  await page.getByRole("menuitem", { name: "Run", exact: true }).click();
  await page.getByText("Run All Cells", { exact: true }).click();
}

// settled waits until the kernel has nothing more to do.
export async function settled(page) {
  await page.getByText("Riffle (Go) | Idle").waitFor({ timeout: 5 * minute });
}
