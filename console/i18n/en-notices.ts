export const noticesEn = {};
