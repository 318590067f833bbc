import { expect, it } from "vitest";
import { LineSplitter } from "../../workspace/line-splitter.ts";

it("passes lines on as soon as they are complete, and the rest at the end", () => {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));
  splitter.write("one\ntw");
  expect(lines).toEqual(["one"]);
  splitter.write("o\n\nthree");
  splitter.end();
  splitter.end();
  expect(lines).toEqual(["one", "two", "", "three"]);
});
