/** What an instance of the counter keeps. */
export const state = { count: 0 };
