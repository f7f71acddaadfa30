/** Compiles engine, server and command line to dist/ when a source is newer. */
export declare function ensureBuild(): void;
