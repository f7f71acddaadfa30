export const handingEn = {};
