/** What is wrong with a server or a tree, and who says so: values, made by the analysis. */
package topiary.engine.finding;
