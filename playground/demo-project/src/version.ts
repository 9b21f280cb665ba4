/** The version of Supabase Auth that the demo project answers as. */
export const authVersion = '2.196.0';
