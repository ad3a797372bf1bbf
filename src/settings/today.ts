// The day on which acknowledgements are judged. It is the same in every time zone, so that a check does not depend on where it runs.

/** Today in UTC, as `2027-01-31`. */
export function todayInUtc(): string {
  return new Date().toISOString().slice(0, 'yyyy-mm-dd'.length);
}
