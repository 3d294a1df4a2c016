// DO NOT EDIT: compiled from src/globals.ts by typescript 7.0.2 (npm run build).
export {};
