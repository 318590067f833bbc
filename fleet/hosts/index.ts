/** The kinds of host. A new kind is one folder, and one line in each of these two lists. */
import { z } from "zod";
import { docker } from "./docker/host.ts";
import { hetzner } from "./hetzner/group.ts";
import type { HostSource } from "./host.ts";
import { ssh } from "./ssh/host.ts";

export const hostSettings = z.discriminatedUnion("kind", [docker.settings, ssh.settings, hetzner.settings]);

export type HostSettings = z.infer<typeof hostSettings>;

const SOURCES: Readonly<Record<HostSettings["kind"], HostSource>> = { docker, ssh, hetzner };

export const sourceOf = ({ kind }: HostSettings): HostSource => SOURCES[kind];
