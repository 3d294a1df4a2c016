export const name = "the browser condition";
