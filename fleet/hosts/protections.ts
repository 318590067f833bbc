/** What a Docker daemon must enforce for an agent to be kept within what was sold, in the words of `hosts.*.unenforced`. */
export const PROTECTIONS = ["memory", "swap", "processes", "cpus", "seccomp"] as const;

export type Protection = (typeof PROTECTIONS)[number];
