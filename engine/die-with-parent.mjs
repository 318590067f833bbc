// Loaded into the program's process before the program: when the engine is gone, even by `kill -9`, nobody answers any
// more, and the program would try to reach it for ever.
process.on("disconnect", () => process.exit(1));
process.channel?.unref();
