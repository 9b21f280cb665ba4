/** The version of Supabase Auth that the demo project reproduces. */
export const authVersion = '2.196.0';
