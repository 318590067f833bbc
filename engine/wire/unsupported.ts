export const unsupported = (what: string): string =>
  `the embedded engine does not implement ${what}; use the Pulumi CLI`;
