/** The browser for the tests that open the Control UI. */
import { existsSync } from "node:fs";
import { aptInstall, canInstall } from "../../../system/apt.ts";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export const browserPath = (): string | undefined => PLACES.find((place) => existsSync(place));

/** Whether there is one; where there is none it says what is not done therefore. */
export function hasBrowser(consequence: string): boolean {
  if (browserPath() !== undefined) return true;
  console.warn(`${consequence}: there is no Chromium. Install the package chromium.`);
  return false;
}

/** Installs one where packages can be installed; elsewhere the test reports that it was skipped. */
export async function ensureBrowser(log: (line: string) => void): Promise<void> {
  if (browserPath() === undefined && canInstall()) await aptInstall(["chromium"], log);
}
