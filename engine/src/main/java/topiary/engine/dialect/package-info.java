/** From steps and questions to the SQL of a flavour. Text only; nobody here talks to a server. */
package topiary.engine.dialect;
