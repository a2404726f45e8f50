package topiary.app.config;

import topiary.app.face.Role;

/**
 * Somebody a node knows by a password.
 *
 * @param name what they say they are
 * @param password where their password stands
 * @param role what they may do
 */
public record NodeUser(String name, CredentialRule.Source password, Role role) {}
