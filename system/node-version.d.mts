export declare const OLDEST_NODE: string;
export declare function isSupportedNode(version: string): boolean;
export declare function refusalOf(version: string): string;
