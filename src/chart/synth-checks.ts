export function checkAtSynth(_: unknown): void {}
