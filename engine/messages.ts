export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export const unsupported = (what: string): string =>
  `the embedded engine does not implement ${what}; use the Pulumi CLI`;
