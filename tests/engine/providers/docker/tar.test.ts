import { extract } from "tar-stream";
import { describe, expect, it } from "vitest";
import { archiveOf } from "../../../../engine/providers/docker/tar.ts";

describe("an upload", () => {
  it("is an archive of one file, relative to the root, readable by every user", async () => {
    const archive = extract();
    archive.end(await archiveOf({ file: "/etc/app.conf", content: "x = 1\n" }));
    const files: unknown[] = [];
    for await (const entry of archive) {
      let content = "";
      for await (const chunk of entry) content += String(chunk);
      files.push([entry.header.name, entry.header.mode, content]);
    }
    expect(files).toEqual([["etc/app.conf", 0o644, "x = 1\n"]]);
  });
});
