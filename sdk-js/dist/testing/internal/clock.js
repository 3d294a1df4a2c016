// DO NOT EDIT: compiled from src/testing/internal/clock.ts by typescript 7.0.2 (npm run build).
const NANOSECONDS = 1000000000n;
/** The time of a fake host: it stands still unless somebody moves it. */
export class Clock {
    now = { seconds: 1735689600n, nanoseconds: 0 };
    /** Lets time pass, without waiting. */
    advance(milliseconds) {
        const total = this.now.seconds * NANOSECONDS + BigInt(this.now.nanoseconds) + BigInt(milliseconds) * 1000000n;
        this.now = { seconds: total / NANOSECONDS, nanoseconds: Number(total % NANOSECONDS) };
    }
}
