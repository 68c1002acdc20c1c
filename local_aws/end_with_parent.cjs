// The CDK CLI ends with the process that started it, however that ended: its standard input closes then.
process.stdin.on("end", () => process.exit(1)).on("error", () => process.exit(1)).resume();
process.stdin.unref();
