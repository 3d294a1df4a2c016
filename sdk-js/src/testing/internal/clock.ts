import type { Timestamp } from "../../types.js";

const NANOSECONDS = 1_000_000_000n;

/** The time of a fake host: it stands still unless somebody moves it. */
export class Clock {
  now: Timestamp = { seconds: 1_735_689_600n, nanoseconds: 0 };

  /** Lets time pass, without waiting. */
  advance(milliseconds: number): void {
    const total = this.now.seconds * NANOSECONDS + BigInt(this.now.nanoseconds) + BigInt(milliseconds) * 1_000_000n;
    this.now = { seconds: total / NANOSECONDS, nanoseconds: Number(total % NANOSECONDS) };
  }
}
