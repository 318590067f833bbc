/** Neither package knows what it is used for. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = dirname(dirname(import.meta.dirname));

/** Words of the product that this engine is developed with. */
const PRODUCT = /\b(?:fleet|tenant|openclaw|agent-fleet|npm run)\b/i;

describe.each(["engine", "docker"])("the package in %s/", (name) => {
  const folder = join(ROOT, name);
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(?:ts|mjs)$/.test(file) && !file.includes("node_modules"))
    .map((file) => ({ file: join(folder, file), text: readFileSync(join(folder, file), "utf8") }));
  const imports = files.flatMap(({ file, text }) =>
    [...text.matchAll(/(?:from |import |import\()"([^"]+)"/g)].map(([, target = ""]) => ({ file, target })),
  );

  it("imports only itself and the dependencies that it declares", () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const declared = Object.keys({ ...dependencies, ...devDependencies });
    const foreign = imports.filter(({ file, target }) => {
      if (target.startsWith(".")) return !resolve(dirname(file), target).startsWith(`${folder}/`);
      const isDeclared = declared.some((each) => target === each || target.startsWith(`${each}/`));
      return !target.startsWith("node:") && !isDeclared && target !== "dockerode";
    });
    expect(imports.length).toBeGreaterThan(10);
    expect(foreign).toEqual([]);
  });

  it("has no word of the product", () => {
    expect(files.filter(({ text }) => PRODUCT.test(text)).map(({ file }) => file)).toEqual([]);
  });
});
