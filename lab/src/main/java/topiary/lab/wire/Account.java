package topiary.lab.wire;

/** Who may log in. */
record Account(String user, String password) {}
