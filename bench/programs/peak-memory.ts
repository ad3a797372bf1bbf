// Preloaded into a process: prints its peak memory in kilobytes when it ends.
process.on('exit', () => console.log(`maxRSS ${process.resourceUsage().maxRSS}`));
